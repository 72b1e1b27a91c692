"""One ranking of what all sources found, and what of it fits a budget.

Snippets that tell of a name (`subject`) are votes for it: what its sources give is added up, and of each name
the most telling line is shown. Blocks of code stand for themselves. So a budget holds many lines, each
of another name, and a few blocks in which a model sees how things are done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from pilotfish.context.snippet import Heading, LeftOut, Snippet, utf8_bytes

WEIGHTS = {"usages": 1.6}
"""What a source's word counts; 1 where nothing is said."""

LEAST_TELLING = "usages"
"""How a name is defined says more than that it is used: such a line is shown only where there is no other."""

BLOCK_SHARE = 0.4
"""So much of the budget is for blocks, if there are any."""

LEAST_BYTES = 40
"""Where less than this is left nothing more is tried."""


def rank(found: Iterable[Snippet]) -> list[Snippet]:
    """One snippet for each name and each block, with its score in the ranking, the best first.

    A snippet without text is a vote only.
    """
    by_name: dict[str, dict[str, Snippet]] = {}
    ranked = []
    for snippet in found:
        if not snippet.subject:
            ranked.append(snippet)
            continue
        by_source = by_name.setdefault(snippet.subject, {})
        known = by_source.get(snippet.source)
        if known is None or known.score < snippet.score:
            by_source[snippet.source] = snippet
    for by_source in by_name.values():
        if len(by_source) == 1:
            [(source, shown)] = by_source.items()
            if shown.text:
                ranked.append(shown.scored(WEIGHTS[source] * shown.score) if source in WEIGHTS else shown)
            continue
        shown = max(by_source.values(), key=lambda snippet: (snippet.source != LEAST_TELLING, snippet.score))
        score = sum(WEIGHTS.get(snippet.source, 1.0) * snippet.score for snippet in by_source.values())
        ranked.append(shown.scored(score))
    return sorted(ranked, key=in_rank)


def in_rank(snippet: Snippet) -> tuple[float, str, int]:
    """By what snippets are sorted: the best first, the same in every run."""
    return -snippet.score, snippet.path, snippet.start_line


def choose(ranked: Sequence[Snippet], max_tokens: int) -> tuple[list[Snippet], list[LeftOut]]:
    """What fits, and what was left out and why. Lines of the same file become one outline.

    Blocks have `BLOCK_SHARE` of the budget, lines the rest; what one side leaves the other takes.

    Returns:
        Snippets from the least to the most relevant.
    """
    blocks = [snippet for snippet in ranked if not snippet.subject]
    lines = [snippet for snippet in ranked if snippet.subject]
    chosen = _Chosen(4 * max_tokens)
    over = chosen.take(blocks, BLOCK_SHARE)
    over_lines = chosen.take(lines, 1.0)
    over = chosen.take(over, 1.0)
    left_out = [*chosen.overlapping, *(LeftOut(_name(snippet), "over the token budget") for snippet in over)]
    counts = Counter(snippet.source for snippet in over_lines)
    left_out += [
        LeftOut(f"{count} line{'s' if count > 1 else ''} of {source}", "over the token budget")
        for source, count in counts.items()
    ]
    return chosen.snippets(), left_out


class _Chosen:
    """What was taken so far, within a room of so many bytes."""

    def __init__(self, room_bytes: int) -> None:
        self._room = room_bytes
        self._used = 0
        self._blocks: dict[str, list[Snippet]] = {}
        self._outlines: dict[str, list[Snippet]] = {}
        self._headings: set[tuple[str, Heading | None]] = set()
        self.overlapping: list[LeftOut] = []

    def take(self, ranked: Iterable[Snippet], share: float) -> list[Snippet]:
        """Take what fits into this share of the room; returns what does not."""
        over = []
        room = share * self._room
        waiting = iter(ranked)
        for snippet in waiting:
            path, subject = snippet.path, snippet.subject
            if path in self._blocks and any(_overlap(snippet, block) for block in self._blocks[path]):
                if not subject:
                    self.overlapping.append(LeftOut(_name(snippet), "overlaps a better snippet"))
                continue
            size = self._size(snippet)
            if self._used + size > room:
                over.append(snippet)
                if self._used + LEAST_BYTES > room:
                    break
                continue
            self._used += size
            (self._outlines if subject else self._blocks).setdefault(path, []).append(snippet)
            self._headings.add((path, snippet.heading))
        return [*over, *waiting]

    def snippets(self) -> list[Snippet]:
        """Blocks and outlines, the best last."""
        found = [*chain(*self._blocks.values()), *map(_outline, self._outlines.values())]
        return sorted(found, key=lambda snippet: (snippet.score, snippet.path, snippet.start_line))

    def _size(self, snippet: Snippet) -> int:
        """The bytes that it adds at most; tokens of each snippet are rounded up."""
        size = utf8_bytes(snippet.text)
        if snippet.heading and (snippet.path, snippet.heading) not in self._headings:
            size += utf8_bytes(snippet.heading.text)
        return size if snippet.subject and snippet.path in self._outlines else size + 3


def _outline(lines: Sequence[Snippet]) -> Snippet:
    """Lines of one file, with the heads of what they stand in, as one snippet."""
    texts = {line.start_line: line.text for line in lines}
    for line in lines:
        if line.heading:
            texts.setdefault(line.heading.line, line.heading.text)
    best = max(lines, key=lambda line: line.score)
    sources = "+".join(sorted({line.source for line in lines}))
    text = "".join(texts[number] for number in sorted(texts))
    return Snippet(best.path, min(texts), text, sources, best.score)


def _overlap(one: Snippet, other: Snippet) -> bool:
    first, second = sorted((one, other), key=lambda snippet: snippet.start_line)
    return second.start_line < first.start_line + first.text.count("\n")


def _name(snippet: Snippet) -> str:
    return f"{snippet.path}:{snippet.start_line + 1}"
