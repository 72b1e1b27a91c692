"""Uris of files, and the workspace's folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from pygls.uris import to_fs_path

_UNKNOWN = "\ufffd"


def path_of(uri: str) -> Path | None:
    """The file that a uri names; None where it names none on this machine (untitled, virtual, remote)."""
    if not uri.startswith("file:"):
        return None
    try:
        name = to_fs_path(uri.replace("file://localhost/", "file:///", 1))
        if name and _UNKNOWN in name and os.name == "posix":  # Bytes that are not UTF-8, and lost by now.
            name = os.fsdecode(unquote_to_bytes(urlsplit(uri).path))
        os.fsencode(name or "")
    except ValueError:  # Not a uri, or no name that this system's files can have.
        return None
    return Path(name) if name and "\0" not in name else None


def roots_of(folders: Sequence[str] | None, root_uri: str | None, root_path: str | None) -> list[Path]:
    """The workspace's folders by their uris, or the older single root."""
    uris = folders if folders is not None else [root_uri] if root_uri else []
    paths = [path for uri in uris if (path := path_of(uri)) is not None]
    if not paths and root_uri is None and root_path:
        paths = [Path(root_path)]
    return paths
