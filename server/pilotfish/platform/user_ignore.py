"""The user's own ignore file, as git finds it: where `core.excludesFile` says, else at its usual place."""

from __future__ import annotations

import os
from pathlib import Path


def user_ignore_file() -> tuple[Path, ...]:
    """Its path, which need not exist; nothing for a user without a home.

    Only the user's two configuration files are read, and no files that these include.
    """
    try:
        home = Path.home()
        git = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
        said = _excludes_file(git / "config")
        said = _excludes_file(home / ".gitconfig") or said
        return (Path(said).expanduser() if said else git / "ignore",)
    except RuntimeError:  # There is no home, or it is another user's that is not there.
        return ()


def _excludes_file(config: Path) -> str | None:
    """What one file of git's configuration says of `core.excludesFile`; None if nothing."""
    try:
        lines = config.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    section, said = "", None
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]").lower()
        key, _, value = line.partition("=")
        if (section, key.strip().lower()) == ("core", "excludesfile"):
            said = value.strip().strip('"')
    return said
