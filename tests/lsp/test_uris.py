"""Uris to paths, and nothing a client can write gets further than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotfish.lsp.uris import path_of, roots_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", Path("/a/b.py")),
        ("file:///a/%C3%A9%20%F0%9F%98%80.py", Path("/a/é 😀.py")),
        ("file:///a/é.py", Path("/a/é.py")),
        ("file:///a/na%EFve/%C3%A9%EF%BF%BD.py", Path("/a/na\udcefve/é\ufffd.py")),
        ("untitled:Untitled-1", None),
        ("vscode-remote://host/a.py", None),
        ("file:///a%00b", None),
        ("file:///a\ud800b", None),
        ("file://[", None),
        ("", None),
    ],
)
def test_path_of(uri: str, path: Path | None) -> None:
    assert path_of(uri) == path


@pytest.mark.parametrize(
    ("folders", "root_uri", "root_path", "roots"),
    [
        (["file:///a", "untitled:b", "file:///c"], "file:///d", "/e", ["/a", "/c"]),
        ([], "file:///d", "/e", []),
        (None, "file:///d", "/e", ["/d"]),
        (None, None, "/e", ["/e"]),
        ([], None, "/e", ["/e"]),
        (None, None, None, []),
    ],
)
def test_roots_of(
    folders: list[str] | None, root_uri: str | None, root_path: str | None, roots: list[str]
) -> None:
    assert roots_of(folders, root_uri, root_path) == [Path(root) for root in roots]
