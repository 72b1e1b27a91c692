"""Answers that are already known: what was offered and is being typed along, and what was asked before.

One key function serves writing and reading. A key is a place: the language, a block-aligned window of the
lines above, the cursor's line up to the cursor, and a window of what follows. Looking back along the line and
over line ends, finds the offer that the user is typing along; looking back in the cache is llama.vim's idea.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from pilotfish.completion.request import CompletionRequest, Source, Trigger
from pilotfish.text.document import Document, Position

WINDOW_LINES = 32
SUFFIX_LINES = 8
LIFETIME_MS = 5 * 60 * 1000
MAX_PLACES = 512
MAX_LINES_BACK = 8
MAX_CHARS_BACK = 400
"""What has been typed since an offer: looking further back would cost the square of a line's length."""

MAX_LINE_CHARS = 5_000
"""Longer lines are not typed along: each place in them would cost all that stands before it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A place, whatever the document's version: equal keys ask the same question."""

    language_id: str
    above: bytes
    before: str
    following: bytes
    settings: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What was offered at a place.

    Attributes:
        texts: what each candidate inserts at the cursor, best first; none where silence was the answer.
        source: the engine or a model.
        epoch: the epoch at which it was made (see `CompletionRequest.epoch`).
        made_ms: when.
        confidence: of the first text, if known.
        evidence: see `Completion.evidence`.
        reason: why there are no texts.
    """

    texts: tuple[str, ...]
    source: Source
    epoch: int
    made_ms: float
    confidence: float | None = None
    evidence: str | None = None
    reason: str = ""


def place_key(document: Document, position: Position, settings: int) -> Key:
    """The key of a place; the window of lines above starts at a multiple of `WINDOW_LINES`."""
    line = position.line
    following = document.lines[line][position.column :] + "".join(
        document.lines[line + 1 : line + 1 + SUFFIX_LINES]
    )
    return Key(
        document.language_id,
        _above(document, line),
        document.before(position),
        _digest(following),
        settings,
    )


def _above(document: Document, line: int) -> bytes:
    start = max(0, line // WINDOW_LINES - 1) * WINDOW_LINES
    return _digest("".join(document.lines[start:line]))


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Memory:
    """The places asked about lately: at most `MAX_PLACES`, the least recently used one goes first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: Key, entry: Entry) -> None:
        """Keep what was offered at a place."""
        self._entries[key] = entry
        self._entries.move_to_end(key)
        while len(self._entries) > MAX_PLACES:
            self._entries.popitem(last=False)

    def find(self, request: CompletionRequest, settings: int, now_ms: float) -> tuple[Source, Entry] | None:
        """The answer that still holds here: as it was (`cache`), or less what was typed of it since.

        Who asks by hand is not answered by silence.
        """
        here = place_key(request.document, request.position, settings)
        entry = self._alive(here, request.epoch, now_ms)
        if entry is not None and (entry.texts or request.trigger is Trigger.AUTOMATIC):
            return Source.CACHE, entry
        for key, typed in self._earlier(request, here):
            entry = self._alive(key, request.epoch, now_ms)
            if entry is None:
                continue
            rest = tuple(
                text[len(typed) :] for text in entry.texts if text.startswith(typed) and text != typed
            )
            if rest:
                confidence = entry.confidence if entry.texts[0].startswith(typed) else None
                continued = Entry(rest, entry.source, entry.epoch, entry.made_ms, confidence, entry.evidence)
                return Source.TYPED_THROUGH, continued
        return None

    def _alive(self, key: Key, epoch: int, now_ms: float) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now_ms - entry.made_ms > LIFETIME_MS or (entry.source is Source.EMBEDDED and entry.epoch != epoch):
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry

    @staticmethod
    def _earlier(request: CompletionRequest, here: Key) -> Iterator[tuple[Key, str]]:
        """The places from which typing leads here, nearest first, each with what was typed since."""
        document, position = request.document, request.position
        typed, rest = "", here.before
        for line in range(position.line, max(-1, position.line - 1 - MAX_LINES_BACK), -1):
            if len(rest) > MAX_LINE_CHARS:
                return
            above = here.above if line == position.line else _above(document, line)
            for column in range(len(rest), max(-1, len(rest) - 1 - MAX_CHARS_BACK), -1):
                since = rest[column:] + typed
                if len(since) > MAX_CHARS_BACK:
                    return
                if since:
                    key = Key(here.language_id, above, rest[:column], here.following, here.settings)
                    yield key, since
            typed = f"\n{rest}{typed}"
            rest = document.line(line - 1)
