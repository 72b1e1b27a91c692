"""What the engine is given to read."""

from __future__ import annotations

import pytest

from pilotfish.errors import PilotfishError
from pilotfish.session.session import Session
from pilotfish.session.status import Status
from pilotfish.text.document import Document
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding


class SilentEditor:
    """Hears everything and does nothing."""

    def report(self, error: PilotfishError) -> None:
        """Nothing."""

    def show_status(self, status: Status) -> None:
        """Nothing."""


async def test_a_document_too_long_to_complete_in_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(SilentEditor(), Encoding.UTF16, options={"completion": {"max_file_lines": 3}})
    told: list[tuple[str, int]] = []

    def update(document: Document) -> None:
        told.append(("update", document.version))

    monkeypatch.setattr(session._engine, "update", update)
    monkeypatch.setattr(session._engine, "forget", lambda uri: told.append(("forget", 0)))
    session.open("untitled:a", None, "python", 1, "1\n2\n3")
    session.change("untitled:a", 2, [Change("1\n2\n3\n4")])
    session.change("untitled:a", 3, [Change("1\n")])
    assert told == [("update", 1), ("forget", 0), ("update", 3)]
    await session.aclose()
