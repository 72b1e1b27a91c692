"""Message bodies come out whole, however the bytes arrive and whatever stands between them."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.lsp.framing import MAX_BODY_BYTES, MAX_HEADER_BYTES, Frames, frame

ONE = frame(b"{1}")
TWO = frame(b"{two}")


def check_frames(
    data: bytes, bodies: list[bytes], lines_logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert list(Frames().feed(data)) == bodies
    assert len(caplog.records) == lines_logged


@pytest.mark.parametrize(
    ("data", "bodies", "lines_logged"),
    [
        (ONE + TWO, [b"{1}", b"{two}"], 0),
        (b"content-length: 3\r\n\r\n{1}", [b"{1}"], 0),
        (b"CONTENT-LENGTH:3\r\nContent-Type: a/b; charset=utf-8\r\n\r\n{1}", [b"{1}"], 0),
        (b"Content-Type: text/html; charset=latin-1\r\nContent-Length: 3\r\n\r\n{1}", [b"{1}"], 1),
        (b"Content-Length: 3\n\n{1}" + TWO, [b"{1}", b"{two}"], 0),
        (b"\r\n\r\n" + ONE, [b"{1}"], 0),
        (b"some words\r\n\r\n" + ONE, [b"{1}"], 1),
        (b"some words\r\n" + ONE, [b"{1}"], 0),
        (b"Content-Length: x\r\n\r\n{0}" + ONE + TWO, [b"{1}", b"{two}"], 1),
        (b"Content-Length: -3\r\n\r\n{0}" + ONE + TWO, [b"{1}", b"{two}"], 1),
        (b"X-Content-Length: 3\r\n\r\n{0}" + ONE, [b"{1}"], 1),
        (b"Content-Length: %d\r\n\r\n{0}" % (MAX_BODY_BYTES + 1) + ONE, [b"{1}"], 1),
        (b"Content-Length: 0\r\n\r\n" + ONE, [b"", b"{1}"], 0),
        (b"x" * (MAX_HEADER_BYTES + 1), [], 1),
        (b"Content-Le", [], 0),
    ],
    ids=["two", "lower case", "content type", "wrong charset", "bare line feeds", "blank lines", "words",
         "words above", "no number", "negative", "other header", "too long", "empty body", "endless header",
         "half a header"],
)  # fmt: skip
def test_frames(
    data: bytes, bodies: list[bytes], lines_logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    check_frames(data, bodies, lines_logged, caplog)


@given(st.lists(st.binary(max_size=30), max_size=5), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_any_bodies_in_any_pieces(bodies: list[bytes], sizes: list[int]) -> None:
    data = b"".join(map(frame, bodies))
    frames = Frames()
    found: list[bytes] = []
    while data:
        size = sizes[len(data) % len(sizes)]
        found += frames.feed(data[:size])
        data = data[size:]
    assert found == bodies
