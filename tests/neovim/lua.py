"""Style and faults of the Lua files: StyLua, from the lock beside this file, and Luacheck.

`python -m tests.neovim.lua` looks at all of them, with `--write` it formats them; `--install` only sees to
it that both programs are there, where this may be done.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.node import NODE, npm
from tests.system_package import provide

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDERS = ("clients/neovim", "tests/neovim")
_STYLUA = HERE / "node_modules" / "@johnnymorganz" / "stylua-bin" / "run.js"
_STAMP = HERE / "node_modules" / ".installed"
_LUACHECK = "apt-get install --yes --no-install-recommends lua-check"


def install() -> int:
    """Install what is missing or another version than the lock says."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != lock:
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", folder=HERE)
        _STAMP.write_text(lock)
    return provide("Luacheck", _LUACHECK, lambda: shutil.which("luacheck") is not None)


def main(arguments: list[str]) -> int:
    if "--install" in arguments:
        return install()
    files = [str(file) for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.lua"))]
    files = [file for file in files if "node_modules" not in file]
    mode = [] if "--write" in arguments else ["--check"]
    settings = ROOT / "clients" / "neovim"
    commands: list[list[str | Path]] = [
        [NODE, _STYLUA, "--config-path", settings / "stylua.toml", *mode, *files],
        ["luacheck", "--quiet", "--config", settings / ".luacheckrc", *files],
    ]
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
