"""Random keys, deletions, undos and jumps in twenty languages: what is shown fits, nothing is unanswered.

`PILOTFISH_SOAK` says how many hundred keys; a few in the ordinary run. In the long form the server's memory
must be flat as well: that which no file stands behind, since pages of libraries count as private or as shared
by what else runs on the machine (14 MB at once were seen). One editor asks at once; for the other, which
waits, answers are begun before it asks.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from typing import Any

import pytest

from pilotfish.bench.memory import read_memory
from tests.lsp.wire import Message, Wire, completion_params, server_process

KEYS = int(os.environ.get("PILOTFISH_SOAK", "6")) * 100
FLAT_FROM_KEYS = 4_000
FLAT = 1.15

LANGUAGES = (
    *(
        "python",
        "javascript",
        "javascriptreact",
        "typescript",
        "typescriptreact",
        "go",
        "rust",
        "java",
        "kotlin",
    ),
    *("c", "cpp", "csharp", "ruby", "php", "lua", "shellscript", "markdown", "yaml", "json", "plaintext"),
)
SAID = ["value = compute(left, right)\n", "    return value\n", "}\n", "# done\n", "```\nHere it is:\n"]
OPTIONS = {
    "backend": ["embedded", "echo"],
    "backends": {"echo": {"options": {"chunks": SAID}}},
    "completion": {"max_wait_ms": 1, "min_confidence": 0.1},
    "index": {"enabled": False},
}
START = (
    "import os\r\n\nfunction compute(left, right) {\n    return left + right  // é😀\n}\nvalue = compute(1)\n"
)
WORDS = (
    "value",
    "compute(",
    "left, ",
    "return ",
    "x",
    "=",
    " ",
    '"',
    "(",
    "}",
    "\n",
    "\n    ",
    "\t",
    "é",
    "😀",
    "'",
)


class Typist:
    """One document, as its editor holds it; columns in UTF-16 on the wire."""

    def __init__(self, wire: Wire, language: str, chance: random.Random) -> None:
        self.wire, self.chance = wire, chance
        self.uri, self.version = f"file:///workspace/a.{language}", 1
        self.text, self.at = START, len(START)
        self.past: list[tuple[str, int]] = []
        wire.open(self.uri, START, language)

    def edit(self) -> None:
        """One key, deletion, undo or jump."""
        what = self.chance.random()
        if what < 0.6:
            self._replace(self.at, self.at, self.chance.choice(WORDS))
        elif what < 0.8 and self.at:
            self._replace(max(0, self.at - self.chance.randint(1, 4)), self.at, "")
        elif what < 0.9 and self.past:
            text, at = self.past.pop()
            self.version += 1
            self._tell({"text": text})
            self.text, self.at = text, at
        else:
            self.at = self._clear(self.chance.randint(0, len(self.text)))

    def ask(self) -> tuple[asyncio.Future[Message], str]:
        """A question, and the line up to the cursor at that moment."""
        place = self._place(self.at)
        kind = self.chance.choice((1, 2, 2, 2))
        return self.wire.send(
            "textDocument/inlineCompletion", completion_params(self.uri, *place, kind)
        ), self._before()

    def _replace(self, start: int, end: int, text: str) -> None:
        start, end = self._clear(start), self._clear(end)
        self.past = [*self.past[-20:], (self.text, self.at)]
        change = {
            "range": {"start": _point(self._place(start)), "end": _point(self._place(end))},
            "text": text,
        }
        self.version += 1
        self._tell(change)
        self.text = self.text[:start] + text + self.text[end:]
        self.at = start + len(text)

    def _tell(self, change: dict[str, Any]) -> None:
        document = {"uri": self.uri, "version": self.version}
        self.wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def _clear(self, offset: int) -> int:
        """Not between a carriage return and its line feed."""
        return offset - 1 if self.text[offset - 1 : offset + 1] == "\r\n" else offset

    def _place(self, offset: int) -> tuple[int, int]:
        before = self.text[:offset].replace("\r\n", "\n")
        return before.count("\n"), len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2

    def _before(self) -> str:
        return self.text[: self.at].replace("\r\n", "\n").rsplit("\n", 1)[-1]


def _point(place: tuple[int, int]) -> dict[str, int]:
    return {"line": place[0], "character": place[1]}


def check_fits(items: Sequence[Message], before: str) -> None:
    """What an editor can show: it ends at the cursor, and begins with what stands there already."""
    end = len(before.encode("utf-16-le")) // 2
    for item in items:
        start, stop = item["range"]["start"], item["range"]["end"]
        assert start["line"] == stop["line"]
        assert stop["character"] == end
        there = before.encode("utf-16-le")[2 * start["character"] :].decode("utf-16-le")
        assert item["insertText"].startswith(there)
        assert len(item["insertText"]) > len(there)


@pytest.mark.parametrize("editor", ["one that asks at once", "Visual Studio Code"])
async def test_nothing_is_shown_that_does_not_fit_and_nothing_unanswered(editor: str) -> None:
    chance = random.Random(4)
    shown, used_mb = 0, []
    async with server_process() as (wire, process):
        await wire.initialize(initializationOptions=OPTIONS, clientInfo={"name": editor})
        typists = [Typist(wire, language, chance) for language in LANGUAGES]
        for number in range(KEYS):
            typist = typists[number // 7 % len(typists)] if chance.random() < 0.9 else chance.choice(typists)
            typist.edit()
            due, before = typist.ask()
            if chance.random() < 0.3:
                continue  # The next key is there before the answer.
            answer = await wire.answer(due)
            items = (answer.get("result") or {}).get("items", [])
            check_fits(items, before)
            shown += bool(items)
            if number % 100 == 0 and (memory := read_memory(process.pid)) is not None:
                used_mb.append(memory.dirty_mb)
        await wire.leave()
    assert shown > KEYS / 10
    if KEYS >= FLAT_FROM_KEYS and used_mb:
        settled = used_mb[len(used_mb) // 2]
        assert used_mb[-1] <= FLAT * settled, used_mb
