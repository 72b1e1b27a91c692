"""The real Emacs with eglot, for tests. Run as a script it is installed, where this may be done.

An Emacs of version 29 or newer has eglot; Debian's 28 has it in a package of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from tests.system_package import provide

COMMAND = "apt-get install --yes --no-install-recommends emacs-nox elpa-eglot"
_HAS_EGLOT = (
    '(progn (let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))'
    " (when (file-directory-p default-directory) (normal-top-level-add-subdirs-to-load-path)))"
    " (require 'eglot))"
)


def emacs() -> str | None:
    """The Emacs to use; None where there is none with eglot."""
    found = shutil.which("emacs")
    if found is None:
        return None
    tried = subprocess.run(
        [found, "-Q", "--batch", "--eval", _HAS_EGLOT], capture_output=True, check=False, timeout=60
    )
    return found if tried.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(provide("Emacs with eglot", COMMAND, lambda: emacs() is not None))
