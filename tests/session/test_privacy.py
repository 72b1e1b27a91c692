"""Private files serve no other file: secrets by name, git-ignored ones as soon as that is known."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from pilotfish.completion.request import Trigger
from pilotfish.session.privacy import Privacy, is_ignored
from pilotfish.session.session import Session
from pilotfish.text.document import Position
from pilotfish.text.positions import Encoding
from tests.lsp.wire import eventually


class Nobody:
    """An editor that is told things and forgets them."""

    def report(self, error: Any) -> None:
        pass

    def show_status(self, status: Any) -> None:
        pass


def test_ignored_files(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.log\nkept.txt\nbuild/\n")
    (tmp_path / "kept.txt").write_text("")
    for command in (["init", "-q"], ["add", "-f", "kept.txt"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    for name, ignored in (("a.py", False), ("a.log", True), ("build/a.py", True), ("kept.txt", False)):
        assert is_ignored(tmp_path / name, [tmp_path]) is ignored, name
        assert is_ignored(tmp_path / name, []) is ignored, f"{name} without a workspace"


async def test_a_file_is_private_until_it_is_known_not_to_be(tmp_path: Path) -> None:
    privacy, path, secret = Privacy(), tmp_path / "a.py", tmp_path / ".env"
    assert privacy.is_private(path)
    privacy.look_at([path, secret], [tmp_path])
    await eventually(lambda: not privacy.is_private(path))
    assert privacy.is_private(secret)
    privacy.forget(path)
    assert privacy.is_private(path)
    await privacy.aclose()


async def test_private_documents_are_no_context_for_others(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    session = Session(Nobody(), Encoding.UTF16, [tmp_path], {"index": {"enabled": False}})
    for name in ("a.py", "b.py", "ignored.py", ".env"):
        path = tmp_path / name
        session.open(path.as_uri(), path, "python", 1, f"{name} = 1\n")
    session.open("untitled:1", None, "python", 1, "")

    def others() -> list[str]:
        document = session.documents.get((tmp_path / "a.py").as_uri())
        assert document
        request = session.request(document, Position(0, 0), Trigger.INVOKED)
        return [other.uri.rpartition("/")[2] for other in request.others]

    assert others() == ["untitled:1"]
    await eventually(lambda: others() == ["untitled:1", "b.py"])
    await session.aclose()


async def test_a_document_is_known_by_its_real_path(tmp_path: Path) -> None:
    """Else a folder that was opened through a link would serve its files beside their open documents."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    named = tmp_path / "link" / "a.py"
    session = Session(Nobody(), Encoding.UTF16, [tmp_path / "link"], {"index": {"enabled": False}})
    session.open(named.as_uri(), named, "python", 1, "")
    document = session.documents.get(named.as_uri())
    assert document
    assert document.path == tmp_path / "real" / "a.py"
    await session.aclose()
