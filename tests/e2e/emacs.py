"""The real Emacs with eglot, for tests. Run as a script it is installed, where this may be done.

An Emacs of version 29 or newer has eglot; Debian's 28 has it in a package of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

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


def main() -> int:
    if emacs() is not None:
        return 0
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install:
        subprocess.run(["apt-get", "update", "--quiet"], check=False)
        subprocess.run(COMMAND.split(), check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if emacs() is not None:
        return 0
    print(f"The tests need Emacs with eglot. Install it, for example by: sudo {COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
