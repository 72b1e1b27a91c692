"""The real VS Code for tests: code-server in `node_modules/` beside this file, and a Chromium to look at it.

Run as a script they are installed, where this may be done. What code-server's own install script would
compile (keyrings, watchers, log files) is left out: no test needs it, and it takes minutes and a compiler.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from tests.node import npm
from tests.system_package import provide

HERE = Path(__file__).parent
CODE_SERVER = HERE / "node_modules" / "code-server"
ENTRY = CODE_SERVER / "out" / "node" / "entry.js"
_STAMP = HERE / "node_modules" / ".installed"
_COMMAND = "apt-get install --yes --no-install-recommends chromium"
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")


def chromium() -> str | None:
    """The browser to use."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def install_code_server() -> None:
    """Install what the lock says, unless that is what is there."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if _STAMP.exists() and _STAMP.read_text() == lock:
        return
    npm("ci", *_QUIET, folder=HERE)
    # VS Code's own parts, which code-server's install script would fetch; a shrinkwrap has their versions.
    for part in (CODE_SERVER / "lib" / "vscode", CODE_SERVER / "lib" / "vscode" / "extensions"):
        npm("install", "--omit=dev", *_QUIET, folder=part)
    _STAMP.write_text(lock)


if __name__ == "__main__":
    install_code_server()
    sys.exit(provide("Chromium", _COMMAND, lambda: chromium() is not None))
