"""Types and style of the client's TypeScript; works from the repository's root."""

from __future__ import annotations

import subprocess
import sys

from tests.node import npm

from clients.vscode.scripts.pack import CLIENT, install


def main() -> int:
    """The exit code."""
    install()
    try:
        npm("run", "--silent", "check", folder=CLIENT)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
