"""Open documents as tokens, kept up to date edit by edit.

For each document a `Lexed` snapshot covers a run of its lines: at first those around the cursor, then, slice
by slice, all. An edit re-lexes the lines that it touches; what is already lexed moves along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from pilotfish.index.segment import Ids, Positions
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import FILE, line_break, split_line, token_id
from pilotfish.text.document import Document, Position

SLICE_LINES = 400
"""Lines lexed between two yields: about 2 ms of ordinary code."""

_AHEAD = 3
"""How many slices before the cursor are lexed first, for each one after it."""

AROUND_LINES = 1600
"""So much of a document that was just opened is worth a few milliseconds' wait: it is the best evidence."""

_COMPARED = 512
_SPELLINGS_KEPT = 400_000


@dataclass(frozen=True, slots=True)
class Lexed:
    """The tokens of some lines of one version of a document.

    Attributes:
        document: the version.
        first: the first line covered.
        ids: uint64[n], the tokens of all covered lines, each line's break first; blank lines have none.
        starts: int64[lines + 1], where each covered line starts in `ids`, and n.
    """

    document: Document
    first: int
    ids: Ids
    starts: Positions

    @property
    def last(self) -> int:
        """The line after the last one covered."""
        return self.first + len(self.starts) - 1

    @property
    def is_whole(self) -> bool:
        """Whether every line is covered."""
        return self.first == 0 and self.last == len(self.document.lines)

    def start_of(self, line: int) -> int:
        """Where a line's tokens start in `ids`; the nearest end for a line that is not covered."""
        return int(self.starts[min(max(line - self.first, 0), len(self.starts) - 1)])


class _Ids(dict[str, int]):
    """Identities of token texts, made when they are first asked for, and the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[int, str] = {}

    def __missing__(self, token: str) -> int:
        identity = self[token] = token_id(token)
        self.texts[identity] = token
        return identity


class Buffers:
    """The lexed open documents of a session.

    Attributes:
        forgotten: how many times all spellings were forgotten.
    """

    def __init__(self) -> None:
        self.forgotten = 0
        self._lexed: dict[str, Lexed] = {}
        self._ids = _Ids()

    def update(self, document: Document, near: Position | None = None) -> Steps[None]:
        """Lex a new version of a document, around `near` first, then the rest; a newer version ends it.

        Each step takes a few milliseconds at most, whatever the size of the document or of the edit.
        """
        if len(self._ids.texts) > _SPELLINGS_KEPT:
            self._lexed.clear()
            self._ids = _Ids()
            self.forgotten += 1
        lexed = self._lexed[document.uri] = self._begin(document, near.line if near else 0)
        for turn in count():
            if lexed.is_whole:
                return
            yield
            if self._lexed.get(document.uri) is not lexed:
                return
            lexed = self._lexed[document.uri] = self._extended(lexed, ahead=_goes_ahead(lexed, turn))

    def around(self, document: Document, position: Position) -> Steps[Lexed]:
        """The tokens of this version, `AROUND_LINES` around a place at least: the missing are lexed now."""
        lexed = self._lexed.get(document.uri)
        if lexed is None or lexed.document.lines is not document.lines:
            lexed = self._lexed[document.uri] = self._begin(document, position.line)
        if not lexed.first <= position.line <= lexed.last:
            lexed = self._slice_around(document, position.line)
        for turn in count():
            if lexed.is_whole or lexed.last - lexed.first >= AROUND_LINES:
                break
            yield
            lexed = self._extended(lexed, ahead=_goes_ahead(lexed, turn))
        if lexed.is_whole:
            self._lexed[document.uri] = lexed
        return lexed

    def last(self, uri: str) -> Lexed | None:
        """What is known of a document, of whatever version."""
        return self._lexed.get(uri)

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._lexed.pop(uri, None)

    def id_of(self, token: str) -> int:
        """A token's identity; its spelling is remembered."""
        return self._ids[token]

    def spelling(self, identity: int) -> str | None:
        """The text of a token that occurs, or occurred, in an open document."""
        return self._ids.texts.get(identity)

    def words(self, start: str) -> list[int]:
        """Identities of all longer tokens known here that start with this text, after a space or not."""
        known, starts = self._ids, (start, f" {start}")
        return [known[text] for text in known if text.startswith(starts) and text not in starts]

    def _begin(self, document: Document, line: int) -> Lexed:
        """The last version's tokens brought up to date where that is cheap, else the slice around `line`."""
        old = self._lexed.get(document.uri)
        if old is not None and (moved := self._moved(old, document)) is not None:
            return moved
        return self._slice_around(document, line)

    def _slice_around(self, document: Document, line: int) -> Lexed:
        first = max(0, line - SLICE_LINES * _AHEAD // (_AHEAD + 1))
        return self._of_lines(document, first, min(len(document.lines), first + SLICE_LINES))

    def _moved(self, old: Lexed, document: Document) -> Lexed | None:
        """The last version's tokens, the edited lines lexed anew; None if those are many, or elsewhere."""
        before, after = old.document.lines, document.lines
        head = _equal_lines(before, after)
        tail = min(_equal_lines(before[::-1], after[::-1]), len(before) - head, len(after) - head)
        shift = len(after) - len(before)
        # The next line's break tells how it differs from the line before it, so it is lexed as well.
        end = min(_next_filled(after, len(after) - tail) + 1, len(after))
        if head == len(before) == len(after):
            return Lexed(document, old.first, old.ids, old.starts)
        if head < old.first or end - shift > old.last or end - head > SLICE_LINES:
            return None
        edited = self._of_lines(document, head, end)
        cut, resume = old.start_of(head), old.start_of(end - shift)
        kept, rest = old.starts[: head - old.first], old.starts[edited.last - shift - old.first :]
        ids = np.concatenate([old.ids[:cut], edited.ids, old.ids[resume:]])
        grown = len(ids) - len(old.ids)
        return Lexed(document, old.first, ids, np.concatenate([kept, edited.starts[:-1] + cut, rest + grown]))

    def _extended(self, lexed: Lexed, *, ahead: bool) -> Lexed:
        """One more slice, after what is covered (`ahead`) or before it."""
        document = lexed.document
        if ahead:
            more = self._of_lines(document, lexed.last, min(len(document.lines), lexed.last + SLICE_LINES))
            head, tail = lexed, more
        else:
            more = self._of_lines(document, max(0, lexed.first - SLICE_LINES), lexed.first)
            head, tail = more, lexed
        starts = np.concatenate([head.starts[:-1], tail.starts + len(head.ids)])
        return Lexed(document, head.first, np.concatenate([head.ids, tail.ids]), starts)

    def _of_lines(self, document: Document, first: int, last: int) -> Lexed:
        """Lex lines `first` to `last` - 1."""
        lines = document.lines
        previous = _last_filled(lines, first)
        indent = split_line(lines[previous])[0] if previous >= 0 else ""
        number = self._ids.__getitem__  # Nearly all tokens are known, and then no Python code runs.
        ids: list[int] = []
        starts = [0]
        for line in range(first, last):
            own, tokens = split_line(lines[line])
            if tokens:
                ids.append(number(line_break(indent, own, line - previous - 1) if previous >= 0 else FILE))
                ids += map(number, tokens)
                previous, indent = line, own
            starts.append(len(ids))
        return Lexed(document, first, np.array(ids, np.uint64), np.array(starts, np.int64))


def _goes_ahead(lexed: Lexed, turn: int) -> bool:
    """Whether the next slice is one after what is covered: three come before it for each one after it."""
    return lexed.first == 0 or (turn % (_AHEAD + 1) == _AHEAD and lexed.last < len(lexed.document.lines))


def break_before(document: Document, line: int, indent: str) -> str:
    """The break that stands before `line` if it is indented so; blank lines count, as in `Lexed`."""
    previous = _last_filled(document.lines, line)
    if previous < 0:
        return FILE
    return line_break(split_line(document.lines[previous])[0], indent, line - previous - 1)


def _equal_lines(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the start are equal; lines that are the same object cost nearly nothing."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start : start + _COMPARED] == other[start : start + _COMPARED]:
        start += _COMPARED
    start = min(start, shorter)
    while start < shorter and one[start] == other[start]:
        start += 1
    return start


def _last_filled(lines: Sequence[str], before: int) -> int:
    """The last line before `before` that is not blank, or -1."""
    line = before - 1
    while line >= 0 and not lines[line].strip():
        line -= 1
    return line


def _next_filled(lines: Sequence[str], line: int) -> int:
    """The first line from `line` on that is not blank, or how many lines there are."""
    while line < len(lines) and not lines[line].strip():
        line += 1
    return line
