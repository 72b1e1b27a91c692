"""What becomes of an offer, by what the editor tells and by what then stands in the document."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pilotfish.completion.request import Completion, CompletionRequest, Source
from pilotfish.completion.resources import Outcome
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.trace import Trace
from pilotfish.session import acceptance as module
from pilotfish.session.acceptance import Acceptance
from pilotfish.session.tally import Fate
from pilotfish.text.document import Document, Range
from tests.marked import document_of, marked

OFFER = "foo(left)\n    return x"
DOCUMENT, POSITION = marked("x = 1\ny = $0\nz = 2\n")


def outcome(
    text: str = OFFER, trace_id: str = "1", origin: str = "1", document: Document = DOCUMENT
) -> tuple[CompletionRequest, Outcome]:
    trace = Trace(trace_id, document.uri, 1, SystemClock(), backend="local", origin=origin)
    completion = Completion(text, Range(POSITION, POSITION), Source.MODEL)
    return CompletionRequest(document, POSITION), Outcome((completion,), "shown", trace)


class Watched:
    """An acceptance with the document that it watches, and what it told."""

    def __init__(self) -> None:
        self.fates: list[Fate] = []
        self.document: Document | None = DOCUMENT
        self.acceptance = Acceptance(lambda _, fate: self.fates.append(fate), lambda _: self.document)

    def becomes(self, text: str) -> None:
        self.document = document_of(text)
        self.acceptance.changed(self.document)

    @property
    def events(self) -> list[str]:
        return [fate.event for fate in self.fates]


@pytest.mark.parametrize(
    ("lines", "events"),
    [
        ([OFFER], ["shown", "accepted"]),  # all at once, though nobody said so
        ([OFFER[:number] for number in range(1, len(OFFER) + 1)], ["shown", "typed"]),
        (["foo", "foo(left)", "foo(left) + 1"], ["shown"]),  # not yet settled: it may still be deleted
        (["f", "fo", "fox"], ["shown"]),
        (["b"], ["shown", "rejected"]),
        (["foo(", "foo(left)", OFFER], ["shown", "accepted"]),
    ],
)
async def test_what_is_written(lines: Sequence[str], events: list[str]) -> None:
    watched = Watched()
    watched.acceptance.shown(*outcome())
    for line in lines:
        watched.becomes(f"x = 1\ny = {line}\nz = 2\n")
    assert watched.events == events
    assert watched.fates[0] == Fate("shown", "python", "local", "model")
    watched.acceptance.close()


@pytest.mark.parametrize(
    ("lines", "events", "taken"),
    [
        (["bar()"], ["shown", "accepted"], "bar()"),
        (["b", "ba", "bar()"], ["shown", "accepted"], "bar()"),
        (["b", "fo"], ["shown"], "foo()"),
        (["x"], ["shown", "rejected"], "foo()"),
    ],
)
async def test_what_else_was_offered_can_be_taken_too(
    lines: Sequence[str], events: list[str], taken: str
) -> None:
    watched = Watched()
    request, offered = outcome("foo()")
    other = Completion("bar()", Range(POSITION, POSITION), Source.MODEL)
    watched.acceptance.shown(request, replace(offered, completions=(*offered.completions, other)))
    for line in lines:
        watched.becomes(f"x = 1\ny = {line}\nz = 2\n")
    assert watched.events == events
    offer = watched.acceptance.accepted("1")
    assert offer is not None
    assert offer.text == taken
    watched.acceptance.close()


@pytest.mark.parametrize(("line", "event"), [("foo(le", "partly"), ("f", "rejected")])
async def test_another_offer_settles_the_one_before(line: str, event: str) -> None:
    watched = Watched()
    watched.acceptance.shown(*outcome())
    watched.becomes(f"x = 1\ny = {line}\nz = 2\n")
    watched.acceptance.shown(*outcome("bar()", "2", "2"))
    assert watched.events == ["shown", event, "shown"]
    watched.acceptance.close()


async def test_an_offer_that_goes_on_is_shown_once_and_accepted_by_its_newest_name() -> None:
    watched = Watched()
    watched.acceptance.shown(*outcome())
    watched.acceptance.shown(*outcome("left)\n    return x", "2", "1"))
    offer = watched.acceptance.accepted("2")
    assert offer is not None
    assert offer.text == OFFER
    watched.acceptance.accepted("2")
    watched.becomes(f"x = 1\ny = {OFFER}\nz = 2\n")
    assert watched.events == ["shown", "accepted"]
    assert watched.acceptance.accepted("unknown") is None
    watched.acceptance.close()


@pytest.mark.parametrize(("later", "events"), [(OFFER, ["kept"]), ("bar()", []), (None, [])])
async def test_what_still_stands_later(
    later: str | None, events: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_AFTER_S", 0.0)
    watched = Watched()
    watched.acceptance.shown(*outcome())
    watched.acceptance.accepted("1")
    watched.document = document_of(f"# more\nx = 1\ny = {later}\n") if later else None
    await asyncio.sleep(0.001)
    assert watched.events == ["shown", "accepted", *events]


async def test_silence_and_other_documents_are_nobodys_rejection() -> None:
    watched = Watched()
    request, silence = outcome()
    watched.acceptance.shown(request, Outcome((), "no_match", silence.trace))
    watched.becomes("x = 1\ny = 5\nz = 2\n")
    watched.acceptance.closed(DOCUMENT.uri)
    watched.acceptance.changed(document_of("else\n", name="b.py"))
    assert watched.events == []
