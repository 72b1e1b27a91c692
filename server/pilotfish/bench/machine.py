"""Where and with what a run was made, so that its figures can be judged and made again."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pilotfish import __version__

_PACKAGES = ("pygls", "lsprotocol", "numpy")


def describe_machine() -> dict[str, Any]:
    """The machine, the versions and the commit; nothing that names its user or its place in a network.

    `load` is how many processes wanted a core in the last minute: above `cores`, they disturbed each other.
    """
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "pilotfish": __version__,
        "packages": {name: _version(name) for name in _PACKAGES},
        "commit": _commit(Path(__file__).resolve().parents[1] / "__init__.py"),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # only Linux has that file
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit(source: Path) -> str | None:
    """The commit of this source file, with `+` if its folder was changed since; None if installed."""
    git = ("git", "-C", str(source.parent))
    try:
        subprocess.run((*git, "ls-files", "--error-unmatch", source.name), capture_output=True, check=True)
        commit = subprocess.run((*git, "rev-parse", "HEAD"), capture_output=True, check=True, text=True)
        changed = subprocess.run((*git, "status", "--porcelain", "--", "."), capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit.stdout.strip() + ("+" if changed.stdout else "")
