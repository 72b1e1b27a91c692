"""Streams of JSON as model servers send them: server-sent events, a line of JSON each, or one JSON body.

Tolerant, because services differ (docs/backends.md): comments and blank lines anywhere, `data:` with or
without a space, any line end, pieces cut anywhere (inside a character as well), no blank line between events,
no end mark, the wrong content type.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotfish.errors import AnswerBroken

if TYPE_CHECKING:
    from pilotfish.platform.reply import Reply

MAX_LINE_BYTES = 4_000_000
MAX_EVENT_LINES = 5_000
END_MARK = "[DONE]"


@dataclass(frozen=True, slots=True)
class Event:
    """One JSON object of a stream, and the name that server-sent events may give it."""

    data: dict[str, Any]
    name: str = ""


class Lines:
    r"""Bytes in, whole lines out; `\n`, `\r\n` and `\r` end a line, whichever pieces they come in."""

    def __init__(self) -> None:
        self._open = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        r"""The lines that are whole now. A `\r` at the very end waits for what follows it.

        Raises:
            AnswerBroken: a line longer than `MAX_LINE_BYTES`.
        """
        if b"\n" not in piece and b"\r" not in piece and not self._open.endswith(b"\r"):
            self._open += piece
            if len(self._open) > MAX_LINE_BYTES:
                raise AnswerBroken(f"A line of the answer has more than {MAX_LINE_BYTES:,} bytes.")
            return []
        text = bytes(self._open + piece)
        held = b"\r" if text.endswith(b"\r") else b""
        *lines, rest = text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._open = bytearray(rest + held)
        return lines

    def rest(self) -> bytes:
        """The last line, which nothing ended."""
        return bytes(self._open)


class Parser:
    """Lines in, events out. `is_done` says that the end mark came."""

    def __init__(self) -> None:
        self.is_done = False
        self._name = ""
        self._data: list[str] = []
        self._is_field = False

    def feed(self, line: bytes) -> Iterator[Event]:
        """The event that this line completes, if it does.

        Raises:
            AnswerBroken: something that is neither an event nor JSON.
        """
        text = line.decode("utf-8", "replace").removeprefix("\ufeff")
        field, _, value = text.partition(":")
        if not text:
            yield from self._parsed()
            if self._is_field or not self._data:  # data that are no JSON by now are none of ours
                self._clear()
        elif field == "data":
            self._is_field = True
            yield from self._add(value.removeprefix(" "))
        elif field == "event":
            self._name = value.strip()
        elif field in ("", "id", "retry"):
            pass  # a comment, which keeps the connection alive; or what only matters to who reconnects
        elif text.lstrip().startswith(("{", "}", "[", "]", '"')) or self._data:
            yield from self._add(text)
        else:
            raise AnswerBroken(f"The answer is no stream of JSON: {text[:60]!r}.")

    def close(self) -> Iterator[Event]:
        """The event that the end of the answer completes, if it does.

        Raises:
            AnswerBroken: the end stands in the middle of an event.
        """
        yield from self._parsed()
        if "".join(self._data).strip():
            raise AnswerBroken("The answer was cut off in the middle of an event.")

    def _add(self, text: str) -> Iterator[Event]:
        """Another line of the event's data; most are whole JSON at once, and are given without waiting."""
        if text.strip() == END_MARK:
            self.is_done = True
            return
        self._data.append(text)
        if len(self._data) > MAX_EVENT_LINES:
            raise AnswerBroken(f"An event of the answer has more than {MAX_EVENT_LINES:,} lines.")
        if len(self._data) == 1 or text.startswith(("}", "]")):
            yield from self._parsed()

    def _parsed(self) -> Iterator[Event]:
        """The event, if its data are whole JSON by now."""
        if not self._data:
            return
        try:
            data = json.loads("\n".join(self._data))
        except ValueError:
            return
        name = self._name
        self._clear()
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict):
                yield Event(entry, name)

    def _clear(self) -> None:
        self._name, self._is_field = "", False
        self._data.clear()


async def events(reply: Reply) -> AsyncGenerator[Event, None]:
    """The JSON objects of an answer as they come, up to its end mark or its end.

    Raises:
        AnswerBroken: it is no JSON, or is cut off.
        BackendUnavailable: it takes too long.
    """
    if reply.headers.get("content-type", "").startswith(("text/html", "image/")):
        raise AnswerBroken(f"{reply.origin} answers with a web page. Is the backend's `url` right?")
    lines, parser = Lines(), Parser()
    async with aclosing(reply.chunks()) as chunks:
        async for chunk in chunks:
            for line in lines.feed(chunk):
                for event in parser.feed(line):
                    yield event
                if parser.is_done:
                    reply.is_over = True
                    return
    for event in parser.feed(lines.rest().removesuffix(b"\r")):
        yield event
    for event in parser.close():
        yield event
