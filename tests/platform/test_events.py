"""The tolerant reader: whatever a stream is cut into and framed with, the same events come out."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotfish.errors import AnswerBroken
from pilotfish.platform import events as events_module
from pilotfish.platform.events import Event, Lines, Parser

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text())
OBJECTS = st.dictionaries(
    st.text(), st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)


def read(*pieces: bytes) -> list[Event]:
    lines, parser = Lines(), Parser()
    found: list[Event] = []
    for piece in pieces:
        for line in lines.feed(piece):
            if not parser.is_done:
                found += parser.feed(line)
    found += parser.feed(lines.rest().removesuffix(b"\r"))
    found += parser.close()
    return found


def divided(text: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(edges)]


@settings(deadline=None)
@given(
    st.lists(OBJECTS, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["data: ", "data:", ""]),
    st.sampled_from([None, 2]),
    st.lists(st.integers(0), max_size=20),
)
def test_framing_and_cuts_change_nothing(
    objects: list[dict[str, object]], end: str, field: str, indent: int | None, cuts: list[int]
) -> None:
    text = ""
    for one in objects:
        rows = json.dumps(one, ensure_ascii=False, indent=indent).split("\n")
        text += "".join(f"{field}{row}{end}" for row in rows) + f": comment{end}{end}"
    assert [event.data for event in read(*divided(text.encode(), cuts))] == objects


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b'event: x\ndata: {"a": 1}\n\n', [{"a": 1}]),
        (b'data: {"a": 1}\ndata: {"a": 2}\n', [{"a": 1}, {"a": 2}]),
        (b'data: {"a":\ndata: 1}\n\n', [{"a": 1}]),
        (b'data: {"a": 1}\n\ndata: [DONE]\n\ndata: {"a": 2}\n\n', [{"a": 1}]),
        (b'\n\n\n{\n  "a": 1,\n\n  "b": {\n    "c": 2\n  }\n}\n', [{"a": 1, "b": {"c": 2}}]),
        (b'{"a": 1,\n"b": 2}', [{"a": 1, "b": 2}]),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        (b'id: 7\nretry: 9\ndata: ping\n\ndata: {"a": 1}\n\n', [{"a": 1}]),
        (b'data: "text"\n\ndata: 5\n\n', []),
        (b'\xef\xbb\xbfdata: {"a": "\xff"}\n\n', [{"a": "\ufffd"}]),
        (b"", []),
    ],
)
def test_shapes(raw: bytes, data: list[object]) -> None:
    assert [event.data for event in read(raw)] == data
    assert [event.data for event in read(*(bytes([byte]) for byte in raw))] == data


def test_names_belong_to_their_event_only() -> None:
    assert [event.name for event in read(b'event: x\ndata: {"a": 1}\n\ndata: {"a": 2}\n\n')] == ["x", ""]


@pytest.mark.parametrize("raw", [b"Internal Server Error\n", b'data: {"a": ', b'{"a": 1', b"<html>\n"])
def test_what_is_no_stream_of_json_is_an_error(raw: bytes) -> None:
    with pytest.raises(AnswerBroken):
        read(raw)


def test_lines_and_events_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "MAX_LINE_BYTES", 100)
    with pytest.raises(AnswerBroken, match="100 bytes"):
        read(*[b"data: xxxx"] * 20)
    with pytest.raises(AnswerBroken, match="5,000 lines"):
        read(b"data: {\n" + b"data: \n" * 6_000)
