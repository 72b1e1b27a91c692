"""Answers that are already known: what was offered and is being typed along, and what was asked before.

One key function serves writing and reading. A key is a *spot*, that is the language, a block-aligned window
of the lines above and a window of what follows, and the cursor's line up to the cursor. The offers of one
spot lie together, so that looking back along the line, over line ends, and a step forward (after a deletion)
is a walk over few of them; looking back in the cache is llama.vim's idea.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeAlias

from pilotfish.completion.extent import balance
from pilotfish.completion.gap import Gap, indent_of
from pilotfish.completion.overlap import CLOSERS, rest_of_line
from pilotfish.completion.request import CompletionRequest, Source, Trigger
from pilotfish.text.document import Document, Position

WINDOW_LINES = 32
SUFFIX_LINES = 8
LIFETIME_MS = 5 * 60 * 1000
MAX_PLACES = 512
MAX_PER_SPOT = 64
MAX_LINES_BACK = 8
MAX_CHARS_BACK = 400
"""What has been typed since an offer: looking further back would cost the square of a line's length."""

MAX_CHARS_FORWARD = 16
"""What has been deleted since an offer."""

MAX_LINE_CHARS = 5_000
"""Longer lines are not typed along: each place in them would cost all that stands before it."""

_CHANGES_KEPT = 64
_OPENED_BY = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands around a line's beginning and a cursor, whatever the document's version."""

    language_id: str
    above: bytes
    following: bytes
    settings: str


Place: TypeAlias = tuple[Spot, str]
"""A spot, and the cursor's line up to the cursor: equal places ask the same question."""


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
        backend: who said it, by the name in the settings.
        origin: the trace id of the request that it was made for.
        files: the files whose snippets a model was shown, relative to the workspace.
        deletions: see `CompletionRequest.deletions`.
    """

    texts: tuple[str, ...]
    source: Source
    epoch: int
    made_ms: float
    confidence: float | None = None
    evidence: str | None = None
    reason: str = ""
    backend: str = ""
    origin: str = ""
    files: frozenset[str] = frozenset()
    deletions: int = 0


def spot_of(document: Document, position: Position, settings: str, *, closed: bool = False) -> Spot:
    """The spot of a place; the window of lines above starts at a multiple of `WINDOW_LINES`.

    `closed` leaves out what stands after the cursor on its line: the brackets that an editor closes by itself
    were not there when the offer was made.
    """
    line = position.line
    whole = document.lines[line]
    rest = whole[len(document.line(line)) :] if closed else whole[position.column :]
    following = rest + "".join(document.lines[line + 1 : line + 1 + SUFFIX_LINES])
    return Spot(document.language_id, _above(document, line), _digest(following), settings)


def place_of(request: CompletionRequest, settings: str) -> Place:
    """Where an offer made for a request is kept."""
    document, position = request.document, request.position
    return spot_of(document, position, settings), document.before(position)


def place_name(place: Place) -> str:
    """The place as a short text, for caches on disk."""
    spot, before = place
    parts = (spot.language_id.encode(), spot.above, before.encode("utf-8", "surrogatepass"), spot.following)
    return blake2b(b"\0".join((*parts, spot.settings.encode())), digest_size=24).hexdigest()


class Memory:
    """The places asked about lately: at most `MAX_PLACES`, the spot used longest ago goes first."""

    def __init__(self) -> None:
        self._spots: OrderedDict[Spot, dict[str, Entry]] = OrderedDict()
        self._places = 0
        self._changed_ms: OrderedDict[str, float] = OrderedDict()
        self._last: tuple[str, Place] | None = None

    def __len__(self) -> int:
        return self._places

    def put(self, document: Document, position: Position, settings: str, entry: Entry) -> None:
        """Keep what is offered at a place."""
        spot = spot_of(document, position, settings)
        self._last = document.uri, (spot, document.before(position))
        offers = self._spots.setdefault(spot, {})
        before = document.before(position)
        self._places += before not in offers
        offers.pop(before, None)
        offers[before] = entry
        if len(offers) > MAX_PER_SPOT:
            del offers[next(iter(offers))]
            self._places -= 1
        self._spots.move_to_end(spot)
        while self._places > MAX_PLACES:
            _, dropped = self._spots.popitem(last=False)
            self._places -= len(dropped)

    def changed(self, path: str, now_ms: float) -> None:
        """A file was edited: what a model said, shown its snippets, may be wrong now."""
        self._changed_ms[path] = now_ms
        self._changed_ms.move_to_end(path)
        if len(self._changed_ms) > _CHANGES_KEPT:
            self._changed_ms.popitem(last=False)

    def find(self, request: CompletionRequest, settings: str, now_ms: float) -> tuple[Source, Entry] | None:
        """The answer that still holds here: as it was (`cache`), or less what was typed of it since.

        Who asks by hand is not answered by silence. What is shown just now and typed along does not vanish
        because something was indexed meanwhile; it does when text is deleted.
        """
        document, position = request.document, request.position
        before, after = document.before(position), document.after(position).strip()
        spot = spot_of(document, position, settings)
        entry = self._alive((spot, before), request, now_ms)
        if entry is not None and (entry.texts or request.trigger is Trigger.AUTOMATIC):
            self._last = document.uri, (spot, before)
            return Source.CACHE, entry
        if len(before) > MAX_LINE_CHARS:
            return None
        for place, typed in (*self._earlier(request, spot), *self._elsewhere(spot, before)):
            entry = self._alive(place, request, now_ms, typed)
            if entry is not None and (left := _continued(entry, place[1], before, typed)) is not None:
                return Source.TYPED_THROUGH, left
        if after and set(after) <= CLOSERS:
            spot = spot_of(document, position, settings, closed=True)
            for place, typed in self._earlier(request, spot):
                entry = self._alive(place, request, now_ms, typed)
                if entry is not None and _closes(after, typed):
                    left = _continued(entry, place[1], before, typed)
                    if left is not None and (left := _inside(left, request)) is not None:
                        return Source.TYPED_THROUGH, left
        return None

    def _alive(
        self, place: Place, request: CompletionRequest, now_ms: float, typed: str | None = None
    ) -> Entry | None:
        """The entry of a place, unless it is too old to be continued by what was typed since."""
        spot, before = place
        offers = self._spots.get(spot, {})
        entry = offers.get(before)
        if entry is None:
            return None
        is_read = bool(typed) and self._last == (request.document.uri, place)
        if (
            now_ms - entry.made_ms > LIFETIME_MS
            or (entry.source is Source.EMBEDDED and not _holds(entry, request, is_read=is_read))
            or any(self._has_changed(file, entry.made_ms) for file in entry.files)
        ):
            del offers[before]
            self._places -= 1
            return None
        self._spots.move_to_end(spot)
        return entry

    def _has_changed(self, file: str, since_ms: float) -> bool:
        return any(
            ms > since_ms and (path == file or path.endswith(f"/{file}"))
            for path, ms in self._changed_ms.items()
        )

    def _elsewhere(self, spot: Spot, before: str) -> Iterator[tuple[Place, str | None]]:
        """Offers made in this line with another indentation, or further on in it, before a deletion."""
        offers = self._spots.get(spot, {})
        for there in sorted(offers, key=len):
            is_further = there.startswith(before) and 0 < len(there) - len(before) <= MAX_CHARS_FORWARD
            if there != before and (is_further or (not there.strip() and not before.strip())):
                yield (spot, there), None

    def _earlier(self, request: CompletionRequest, here: Spot) -> Iterator[tuple[Place, str]]:
        """The places from which typing leads here, nearest first, each with what was typed since."""
        document, position = request.document, request.position
        typed, rest = "", document.before(position)
        for line in range(position.line, max(-1, position.line - 1 - MAX_LINES_BACK), -1):
            spot = here if line == position.line else replace(here, above=_above(document, line))
            for before in sorted(self._spots.get(spot, ()), key=len, reverse=True):
                since = rest[len(before) :] + typed
                if rest.startswith(before) and 0 < len(since) <= MAX_CHARS_BACK:
                    yield (spot, before), since
            typed = f"\n{rest}{typed}"
            rest = document.line(line - 1)
            if len(typed) > MAX_CHARS_BACK or len(rest) > MAX_LINE_CHARS:
                return


def _holds(entry: Entry, request: CompletionRequest, *, is_read: bool) -> bool:
    """Whether what the engine said quotes nothing that is gone; who reads it already sees it to its end."""
    return entry.epoch == request.epoch or (is_read and entry.deletions == request.deletions)


def _continued(entry: Entry, there: str, before: str, typed: str | None) -> Entry | None:
    """What is left of an offer, or more of it where the user has gone back; None if it does not fit."""
    if typed is not None:
        rests = tuple(_rest(text, typed) for text in entry.texts)
    elif there.startswith(before) and there.strip():
        rests = tuple(there[len(before) :] + text for text in entry.texts)
    else:
        rests = tuple(_reindented(text, there, before) for text in entry.texts)
    texts = tuple(filter(None, rests))
    if not texts:
        return None
    return replace(entry, texts=texts, confidence=entry.confidence if rests[0] else None)


def _closes(after: str, typed: str) -> bool:
    """Whether what follows the cursor closes what was typed, and so was put there by the editor."""
    return all(_OPENED_BY.get(closer, closer) in typed for closer in after)


def _inside(entry: Entry, request: CompletionRequest) -> Entry | None:
    """Of offers that went on beyond a bracket what belongs inside, where the editor has closed it already."""
    gap = Gap(request)
    texts = (rest_of_line(text.split("\n", 1)[0], gap) for text in entry.texts)
    fitting = tuple(text for text in texts if text and not balance(gap.before + text + gap.after))
    return replace(entry, texts=fitting) if fitting else None


def _rest(text: str, typed: str) -> str | None:
    """What of a text has not been typed; the indentation of new lines is the editor's, and may differ."""
    if "\r\n" in text:
        rest = _rest(text.replace("\r\n", "\n"), typed)
        return rest.replace("\n", "\r\n") if rest is not None else None
    if text.startswith(typed):
        return text[len(typed) :]
    said, written = text.split("\n"), typed.split("\n")
    if len(written) == 1 or len(said) < len(written) or said[0] != written[0]:
        return None
    last = len(written) - 1
    if any(one.strip() != other.strip() for one, other in zip(said[1:last], written[1:last], strict=False)):
        return None
    line, begun = said[last].lstrip(), written[last].lstrip()
    if not line.startswith(begun):
        return None
    rest = "\n".join([line[len(begun) :], *said[last + 1 :]])
    return _reindented(rest, indent_of(said[last]), indent_of(written[last]))


def _reindented(text: str, old: str, new: str) -> str:
    """The lines after the first, moved from one indentation to another."""
    first, *more = text.split("\n")
    return "\n".join([first, *(new + line[len(old) :] if line.startswith(old) else line for line in more)])


def _above(document: Document, line: int) -> bytes:
    start = max(0, line // WINDOW_LINES - 1) * WINDOW_LINES
    return _digest("".join(document.lines[start:line]))


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
