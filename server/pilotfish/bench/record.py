"""Stands between an editor and a server, hands everything on, and keeps what the user did as a trace.

The editor starts `pilotfish bench record OUT` where it would have started the server. What is kept can be
stripped: then every letter and figure that was typed is an x, and the files' own text is taken from the disk
when the trace is played.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlparse

from pilotfish.bench.client import read_frame
from pilotfish.bench.traces import Place, Step, Trace
from pilotfish.bench.typist import LINE_END, replace
from pilotfish.errors import ServerGone

_WIDTHS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda letter: len(letter.encode()),
    "utf-16": lambda letter: len(letter.encode("utf-16-le")) // 2,
    "utf-32": len,
}


class Recorder:
    """Reads what the editor sends, and remembers the steps of each open file.

    Args:
        root: steps in files outside are not kept.
        strip: keep no text.
        clock: seconds; only differences count.
    """

    def __init__(self, root: Path, *, strip: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.encoding = "utf-16"
        self._root = root
        self._strip = strip
        self._clock = clock
        self._last = clock()
        self._open: dict[str, tuple[str, str, str, list[str], list[Step]]] = {}
        self._done: list[Trace] = []

    def hear(self, message: Mapping[str, Any]) -> None:
        """One message of the editor."""
        params = message.get("params") or {}
        match message.get("method"):
            case "textDocument/didOpen":
                self._opened(params["textDocument"])
            case "textDocument/didChange":
                for change in params["contentChanges"]:
                    self._changed(params["textDocument"]["uri"], change)
            case "textDocument/inlineCompletion" | "textDocument/completion":
                self._asked(params["textDocument"]["uri"], params["position"])
            case "textDocument/didClose":
                self._closed(params["textDocument"]["uri"])

    def traces(self) -> list[Trace]:
        """All that was done; files that are still open are as if closed now."""
        for uri in list(self._open):
            self._closed(uri)
        return self._done

    def _opened(self, document: Mapping[str, Any]) -> None:
        path = Path(unquote(urlparse(document["uri"]).path))
        if path.is_relative_to(self._root):
            name = path.relative_to(self._root).as_posix()
            text = document["text"]
            self._open[document["uri"]] = (name, document["languageId"], text, LINE_END.split(text), [])

    def _changed(self, uri: str, change: Mapping[str, Any]) -> None:
        if uri not in self._open:
            return
        *_, lines, steps = self._open[uri]
        if "range" in change:
            start, end = (self._place(lines, change["range"][side]) for side in ("start", "end"))
        else:
            start, end = (0, 0), (len(lines) - 1, len(lines[-1]))
        text = change["text"]
        replace(lines, start, end, text)
        kept = re.sub(r"\w", "x", text) if self._strip else text
        steps.append(Step(self._waited_ms(), start, end, kept, asks=False))

    def _asked(self, uri: str, position: Mapping[str, int]) -> None:
        if uri not in self._open:
            return
        *_, lines, steps = self._open[uri]
        place = self._place(lines, position)
        if steps and not steps[-1].asks and _behind(steps[-1]) == place:
            last = steps.pop()
            steps.append(Step(last.wait_ms, last.start, last.end, last.text))
        else:
            steps.append(Step(self._waited_ms(), place, place))

    def _closed(self, uri: str) -> None:
        if uri in self._open:
            name, language_id, text, _, steps = self._open.pop(uri)
            if steps:
                shown = None if self._strip else text
                self._done.append(Trace("recorded", name, language_id, shown, tuple(steps)))

    def _waited_ms(self) -> float:
        now = self._clock()
        waited_ms, self._last = round((now - self._last) * 1000, 1), now
        return waited_ms

    def _place(self, lines: Sequence[str], position: Mapping[str, int]) -> Place:
        """Code points from the units that editor and server agreed on."""
        line = min(position["line"], len(lines) - 1)
        width, left, column = _WIDTHS[self.encoding], position["character"], 0
        for letter in lines[line]:
            if left <= 0:
                break
            left -= width(letter)
            column += 1
        return line, column


def _behind(step: Step) -> Place:
    new = LINE_END.split(step.text)
    return step.start[0] + len(new) - 1, len(new[-1]) + (step.start[1] if len(new) == 1 else 0)


def record(command: Sequence[str], recorder: Recorder, editor_in: IO[bytes], editor_out: IO[bytes]) -> int:
    """Run the server between; returns its exit code when the editor has left or the server has ended.

    Raises:
        ServerGone: it cannot be started.
    """
    try:
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise ServerGone(f"{command[0]} cannot be started: {error.strerror or error}") from error
    assert server.stdin is not None
    assert server.stdout is not None
    to_server, from_server = server.stdin, server.stdout

    def hand_on() -> None:
        try:
            _hand_on(editor_in, to_server, recorder.hear)
        except OSError:
            pass  # the server is gone: the main thread sees it too
        finally:
            to_server.close()

    threading.Thread(target=hand_on, daemon=True).start()
    with server:
        _hand_on(from_server, editor_out, lambda message: _listen(recorder, message))
    return server.returncode


def _hand_on(source: IO[bytes], sink: IO[bytes], hear: Callable[[Mapping[str, Any]], None]) -> None:
    """Message by message; one that we cannot read is handed on as it is, for the other side to judge."""
    while (body := read_frame(source)) is not None:
        sink.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        sink.flush()
        try:
            hear(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def _listen(recorder: Recorder, message: Mapping[str, Any]) -> None:
    """From the server only one thing matters: in which units it counts columns."""
    result = message.get("result")
    if isinstance(result, dict) and "capabilities" in result:
        encoding = result["capabilities"].get("positionEncoding", "utf-16")
        recorder.encoding = encoding if encoding in _WIDTHS else "utf-16"
