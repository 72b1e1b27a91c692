"""`privacy.local_only` switched on while pilotfish runs: from then on nothing of another machine is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from pilotfish.completion.request import Trigger
from pilotfish.errors import PromptRefused
from pilotfish.models import registry
from pilotfish.models.backend import Prompt
from pilotfish.models.echo import EchoBackend
from pilotfish.models.outgoing import Outgoing
from pilotfish.session.session import Session
from pilotfish.text.document import Position
from pilotfish.text.positions import Encoding
from tests.session.test_settings import Reports

URI = "untitled:a.py"


class Far(EchoBackend):
    """Stands for a service on another machine."""

    is_remote = True


@pytest.fixture
async def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Session]:
    entries = EntryPoints((EntryPoint("far", f"{__name__}:Far", registry.GROUP),))
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))
    made = Session(Reports(), Encoding.UTF16, [tmp_path])
    made.start()
    yield made
    await made.aclose()


def configure(session: Session, *, local_only: bool, **script: object) -> Far:
    """The editor's settings; the backend behind the door."""
    far = {"kind": "far", "options": {"chunks": ["left + ", "right"], **script}}
    told = {"backend": ["far"], "backends": {"far": far}, "privacy": {"local_only": local_only}}
    session.configure("workspace/configuration", told)
    door = session.completions.resources.backends["far"]
    assert isinstance(door, Outgoing)
    assert isinstance(door.backend, Far)
    return door.backend


def ask(session: Session, text: str = "x = ") -> asyncio.Future[list[str] | None]:
    """The texts that are shown at the end; None where the request was ended."""
    session.documents.close(URI)
    session.open(URI, None, "python", 1, text)
    document = session.documents.get(URI)
    assert document is not None
    request = session.request(document, Position(0, len(text)), Trigger.INVOKED)

    async def run() -> list[str]:
        outcome = await session.completions.complete(request, session.traces.begin(document))
        return [completion.text for completion in outcome.completions]

    return session.completions.newest(URI, run())


async def test_what_was_said_before_is_not_shown_again(session: Session) -> None:
    far = configure(session, local_only=False)
    assert await ask(session) == ["left + right"]
    for is_local, shown, typed in ((True, [], []), (False, ["left + right"], ["right"])):
        configure(session, local_only=is_local)
        assert await ask(session) == shown
        assert [text[-5:] for text in await ask(session, "x = left + ") or []] == typed
    assert far.open_streams == 0


async def test_an_answer_that_is_on_its_way_is_not_shown(session: Session) -> None:
    far = configure(session, local_only=False, endless=True, gap_ms=1)
    running = ask(session)
    while not far.open_streams:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)
    configure(session, local_only=True, endless=True, gap_ms=1)
    assert await running is None
    async with asyncio.timeout(5):
        while far.open_streams:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_whoever_asks_finds_the_door_shut(session: Session) -> None:
    configure(session, local_only=False, endless=True)
    door = session.completions.resources.backends["far"]
    answer = door.stream(Prompt("a", "b"))
    assert await anext(answer) == "left + "
    configure(session, local_only=True, endless=True)
    with pytest.raises(PromptRefused, match="local_only"):
        await anext(answer)
    with pytest.raises(PromptRefused, match="local_only"):
        await anext(door.stream(Prompt("a", "b")))
    configure(session, local_only=False, endless=True)
    again = door.stream(Prompt("a", "b"))
    assert await anext(again) == "left + "
    await again.aclose()
