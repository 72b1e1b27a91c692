import io

import pytest

from pilotfish.index.event import IndexEvent, parse_event, write_event

EVENTS = [
    IndexEvent("building", 3, 10),
    IndexEvent("ready", 5, 5, 7, tokens=100, size_bytes=900, seconds=0.25, noticed=(".gitignore",)),
    IndexEvent("failed", text="cannot write: größe"),
    IndexEvent("waiting"),
]


@pytest.mark.parametrize("event", EVENTS)
def test_events_are_heard_as_they_were_said(event: IndexEvent) -> None:
    out = io.BytesIO()
    write_event(out, event)
    assert parse_event(out.getvalue()) == event
    assert out.getvalue().count(b"\n") == 1


@pytest.mark.parametrize(
    "line", [b"", b"x", b"[]", b"{}", b'{"state": "lost"}', b'{"state": "ready", "no": 1}', b"\xff", b"5"]
)
def test_anything_else_is_not_an_event(line: bytes) -> None:
    assert parse_event(line) is None
