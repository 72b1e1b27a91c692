;; Does code actions in a real Emacs with eglot, in batch, and prints what came of each as JSON. -*- lexical-binding: t -*-
;; emacs -Q --batch -l actions.el REQUEST, a JSON file: {command, steps: [{file, line, column, lines, title,
;; problem, wait, how}]}. `lines` are selected; `problem` is what a server says is wrong there; `how` is
;; "apply", "cancel" (as newer eglots tell the server at C-g) or "decline" (the change that eglot asks about).
;; Without its site's files Emacs does not find what Debian packages for it.
(let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))
  (when (file-directory-p default-directory)
    (normal-top-level-add-subdirs-to-load-path)))
(require 'eglot)
(require 'json)
(setq eglot-autoshutdown nil
      create-lockfiles nil
      last-nonmenu-event t) ; As if by a key: by the mouse a window would pop up.

(defun at (line column)
  (save-excursion (goto-char (point-min)) (forward-line (1- line)) (forward-char column) (point)))

(defun pick (title)
  "Stands in for the user before the menu."
  (lambda (_prompt choices &rest _)
    (let ((names (mapcar (lambda (choice) (if (consp choice) (car choice) choice)) choices)))
      (or (seq-find (lambda (name) (string-prefix-p title name)) names)
          (error "Offered: %S" names)))))

(defun start (file command)
  (find-file file)
  (python-mode)
  (eglot '(python-mode) (cons 'transient (file-name-directory file)) 'eglot-lsp-server (append command nil)
         (if (version<= "29" emacs-version) '("python") "python"))
  (eglot-current-server))

(defun problems (beg end message)
  "As Flymake would list what a server has told of."
  (let ((told (list :range (list :start (eglot--pos-to-lsp-position beg) :end (eglot--pos-to-lsp-position end))
                    :message message :severity 1 :source "test")))
    (list (eglot--make-diag (current-buffer) beg end 'eglot-error message `((eglot-lsp-diag . ,told))))))

(defun cancel-soon (server)
  "Stands in for the user who has seen the action begin."
  (run-at-time 0.3 nil
               (lambda () (jsonrpc-notify server :$/cancelRequest (list :id (oref server -next-request-id))))))

(defun do-step (server step)
  (let* ((asked (lambda (key) (alist-get key step)))
         (how (funcall asked 'how))
         (eglot-confirm-server-initiated-edits (if (equal how "decline") 'confirm nil))
         (eglot-confirm-server-edits (if (equal how "decline") 'confirm nil))
         (execute (symbol-function 'eglot-execute-command))
         told timer)
    (find-file (funcall asked 'file))
    (unless (eglot-current-server) (python-mode))
    (unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))
    (setq buffer-undo-list nil)
    (let* ((before (buffer-string))
           (beg (at (funcall asked 'line) (or (funcall asked 'column) 0)))
           (end (if (funcall asked 'lines) (at (+ (funcall asked 'line) (funcall asked 'lines)) 0) beg)))
      (goto-char beg)
      (undo-boundary)
      (cl-letf (((symbol-function 'completing-read) (pick (funcall asked 'title)))
                ((symbol-function 'flymake-diagnostics)
                 (lambda (&rest _)
                   (when (funcall asked 'problem)
                     (problems beg (line-end-position) (funcall asked 'problem)))))
                ((symbol-function 'eglot-execute-command)
                 (lambda (&rest arguments)
                   (when (equal how "cancel") (setq timer (cancel-soon server)))
                   (apply execute arguments)))
                ((symbol-function 'y-or-n-p) (lambda (&rest _) (not (equal how "decline")))))
        (condition-case problem
            (progn
              (eglot-code-actions beg end nil t)
              (when (equal how "apply")
                (with-timeout (30 (error "waited in vain for %s" (funcall asked 'title)))
                  (while (not (string-match-p (regexp-quote (funcall asked 'wait)) (buffer-string)))
                    (accept-process-output nil 0.02)))))
          (jsonrpc-error (setq told (format "%s" problem)))))
      (when timer (cancel-timer timer))
      (let ((after (buffer-string)))
        (undo-boundary)
        (when (not (equal before after))
          (primitive-undo 1 (if (car buffer-undo-list) buffer-undo-list (cdr buffer-undo-list))))
        (prog1
            `((before . ,before) (after . ,after) (undone . ,(buffer-string)) (told . ,told))
          (set-buffer-modified-p nil))))))

(let* ((json-object-type 'alist)
       (request (json-read-file (car command-line-args-left)))
       (steps (append (alist-get 'steps request) nil))
       (server (progn (setq command-line-args-left nil)
                      (start (alist-get 'file (car steps)) (alist-get 'command request))))
       (done (mapcar (lambda (step) (do-step server step)) steps))
       (made (mapcar (lambda (buffer) (with-current-buffer buffer
                                        (cons (intern (or buffer-file-name "none")) (buffer-string))))
                     (seq-filter #'buffer-file-name (buffer-list))))
       (traces (jsonrpc-request server :pilotfish/trace '(:last 100))))
  (princ (concat "\n" (json-encode `((steps . ,(vconcat done)) (traces . ,traces) (buffers . ,made))) "\n"))
  (kill-emacs 0))
