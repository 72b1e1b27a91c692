"""What the session shows a model: the same from key to key, and open documents before the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from pilotfish.completion.request import CompletionRequest
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import Place
from pilotfish.context.snippet import Context, Snippet
from pilotfish.index.lookup import Lookup
from pilotfish.index.view import IndexView
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.steps import Steps
from pilotfish.session.edits import EditedLines
from pilotfish.session.gathering import Gathering
from pilotfish.settings.model import ContextSettings
from pilotfish.text.document import Document, Position
from tests.marked import document_of, lines_of

LIMITS = ContextSettings(max_wait_ms=5_000)
TAB = "def parcel_of(order):\n    weigh(order)\n    return order.parcel\n"


class Asked:
    """A workspace without an index, which remembers what was hidden from it."""

    def __init__(self) -> None:
        self.hidden: list[set[Path]] = []
        self.once_more = asyncio.Event()

    def view(self) -> IndexView:
        return IndexView()

    def lookup(self, hidden: Collection[Path], deadline_s: float) -> Lookup:
        del deadline_s
        self.hidden.append(set(hidden))
        self.once_more.set()
        return Lookup()


def gathering(asked: Asked, edits: Collection[EditedLines] = ()) -> Gathering:
    embedding: Any = SimpleNamespace(likeness=lambda place: None, reorder=lambda region, known: list)
    workspace: Any = asked
    return Gathering(workspace, edits, SystemClock(), embedding)


async def gathered(gathering: Gathering, text: str, column: int, *others: Document, line: int = 2) -> Context:
    document = document_of(text)
    files = frozenset(each.path for each in (document, *others) if each.path)
    request = CompletionRequest(document, Position(line, column), others=others, hidden=files)
    return await gathering.for_completion(request, LIMITS)


async def test_the_context_stays_while_the_line_is_typed_and_changes_with_the_receiver() -> None:
    asked = Asked()
    gather = gathering(asked)
    tab = document_of(TAB, name="tab.py")
    text = "def f(order):\n    parcel = 1\n    value = order.par\n"
    first = await gathered(gather, text, 6, tab)
    assert [snippet.path for snippet in first.snippets] == ["tab.py"]
    assert await gathered(gather, text, 9, tab) is first
    after_dot = await gathered(gather, text, 18, tab)
    assert after_dot is not first
    assert await gathered(gather, text, 21, tab) is after_dot
    assert await gathered(gather, text, 0, tab, line=1) is not after_dot
    assert len(asked.hidden) == 3


async def test_only_documents_unlike_their_files_hide_them(tmp_path: Path) -> None:
    asked = Asked()
    tabs = []
    for name, disk, text in (("same.py", TAB, TAB), ("other.py", "x = 1\n", TAB), ("gone.py", None, TAB)):
        path = tmp_path / name
        if disk is not None:
            path.write_bytes(disk.encode())
        tabs.append(Document(path.as_uri(), path, "python", 1, lines_of(text)))
    await gathered(gathering(asked), "one\ntwo\nthree\n", 1, *tabs)
    assert {path.name for path in asked.hidden[0]} == {"a.py", "other.py", "gone.py"}


async def test_edits_elsewhere_are_shown_with_what_is_around_them() -> None:
    tab = document_of("\n" * 10 + TAB + "\n" * 10, name="tab.py")
    edits = [EditedLines("file:///gone.py", 1, 1), EditedLines(tab.uri, 11, 11)]
    context = await gathered(gathering(Asked(), edits), "one\ntwo\nthree\n", 1, tab)
    shown = next(snippet for snippet in context.snippets if snippet.source == "recent_edits")
    assert (shown.path, shown.start_line) == ("tab.py", 8)
    assert "weigh(order)" in shown.text


async def test_the_region_is_asked_once_and_what_is_near_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pilotfish.session.gathering.PAUSE_S", 0.0)
    asked: list[int] = []
    regions = 13  # of eight lines in a hundred
    all_ahead = Event()

    def names(region: Place, lookup: Lookup, near: Nearness) -> Steps[list[Snippet]]:
        del lookup
        asked.append(region.start.line)
        if len(asked) == regions:
            all_ahead.set()
        yield
        return [
            Snippet(
                "lib.py",
                region.start.line,
                f"def at_{region.start.line}(): ...\n",
                "names",
                near.get("", 1.0),
                "at",
            )
        ]

    monkeypatch.setattr("pilotfish.context.sources.names.names", names)
    gather = gathering(Asked())
    lines = [f"value_{number} = {number}\n" for number in range(100)]

    async def gathered_at(line: int, lines: Sequence[str], *, ahead: bool = False) -> str:
        document = document_of("".join(lines))
        request = CompletionRequest(document, Position(line, 0))
        context = await gather.for_completion(request, LIMITS, ahead=ahead)
        return context.snippets[0].text

    assert await gathered_at(41, lines) == await gathered_at(46, lines) == "def at_40(): ...\n"
    assert asked == [40]
    assert await gathered_at(47, [*lines[:42], "value_42 = other\n", *lines[43:]]) == "def at_40(): ...\n"
    assert asked == [40], "a line more or less changes little"
    await gathered_at(48, lines, ahead=True)
    assert await asyncio.to_thread(all_ahead.wait, 30)
    assert asked[1:5] == [48, 56, 32, 64], "region 40 is known"
    assert await gathered_at(60, lines) == "def at_56(): ...\n"
    assert len(asked) == regions
    other = [*lines[:50], *("quite = other\n" + line for line in lines[50:])]
    await gathered_at(55, other)
    assert len(asked) == regions + 1
    await gather.aclose()


async def test_an_opened_document_is_looked_through_once_a_model_was_asked_and_not_if_that_is_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pilotfish.session.gathering.PAUSE_S", 0.0)
    opened = document_of("value = compute(order)\n", name="opened.py")
    for ahead in (False, True):
        asked = Asked()
        gather = gathering(asked)
        gather.opened(opened)
        request = CompletionRequest(document_of("one\n"), Position(0, 0))
        await gather.for_completion(request, LIMITS, ahead=ahead)
        assert len(asked.hidden) == 1
        asked.once_more.clear()
        gather.opened(opened)
        if ahead:
            async with asyncio.timeout(30):
                await asked.once_more.wait()
        assert asked.hidden[1:] == ([{opened.path}] if ahead else [])
        await gather.aclose()


async def test_what_does_not_depend_on_another_document_is_not_looked_for_again_when_that_changes() -> None:
    asked: list[str] = []

    def counting(name: str) -> Any:
        def source(*_: object) -> Steps[list[Snippet]]:
            asked.append(name)
            yield
            return []

        return source

    gather = gathering(Asked())
    text = "one\ntwo\nthree\n"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("names", "open_tabs", "similar"):
            patch.setattr(f"pilotfish.context.sources.{name}.{name}", counting(name))
        for line, version in ((0, 1), (1, 1), (2, 2)):
            tab = Document("file:///tab.py", None, "python", version, lines_of(TAB))
            await gathered(gather, text, 0, tab, line=line)
    assert asked == ["names", "open_tabs", "similar", "open_tabs"]
