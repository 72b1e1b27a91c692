"""Heads of definitions as lines of an outline: a single one, and those found for a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pilotfish.context.nearness import Nearness
from pilotfish.context.place import NAME
from pilotfish.context.snippet import Heading, Snippet
from pilotfish.index.found import FoundSymbol
from pilotfish.index.lookup import ALIKE, Lookup
from pilotfish.platform.steps import Steps

MOST_CHARS = 400
"""A longer head is not shown: it would take the room of ten others."""

INDENT = "    "

BASE_SHARE = 0.8
NEAR_FILE = 0.3
"""What a definition in the same folder gains."""

MOST_GUESSES, MOST_MEMBERS, MOST_SNIPPETS = 16, 200, 100

FUNCTIONS = frozenset({"function", "method", "constructor", "property", "field", "variable", "constant"})
"""Kinds of symbols that are no types."""


def head(symbol: FoundSymbol, source: str, score: float, within: FoundSymbol | None = None) -> Snippet | None:
    """The definition's head in one line, under that of what it stands in; None if it is too long or empty."""
    if not 0 < len(symbol.signature) <= MOST_CHARS:
        return None
    # A method may stand outside of its type, as in Go.
    is_inside = within is not None and within.start_line < symbol.start_line < within.end_line
    heading = Heading(within.name_line, within.signature + "\n") if within and is_inside else None
    text = f"{INDENT if heading else ''}{symbol.signature}\n"
    return Snippet(symbol.path, symbol.name_line, text, source, score, symbol.name, heading)


class Heads:
    """Symbols to show, each with the best score it was given, and what it stands in.

    Args:
        source: which source finds them.
        near: how near other files are.
    """

    def __init__(self, source: str, near: Nearness) -> None:
        self._source = source
        self._near = near
        self._symbols: dict[tuple[str, int, str], tuple[float, FoundSymbol, FoundSymbol | None]] = {}

    def add(self, symbol: FoundSymbol, score: float, within: FoundSymbol | None = None) -> None:
        """It is worth this much, or more; `within` is what it stands in, where that is known."""
        score += NEAR_FILE * self._near[symbol.path]
        key = symbol.path, symbol.name_line, symbol.name  # two folders that hold the same show it once
        known = self._symbols.get(key)
        if known is None or known[0] < score:
            self._symbols[key] = score, symbol, within or (known[2] if known else None)

    def snippets(self) -> list[Snippet]:
        """The best heads, one line each, best first."""
        best = sorted(self._symbols.values(), key=lambda each: -each[0])[:MOST_SNIPPETS]
        made = (head(symbol, self._source, score, within) for score, symbol, within in best)
        return [snippet for snippet in made if snippet is not None]


def most(weights: Mapping[str, float], count: int) -> dict[str, float]:
    """So many names with the highest weights."""
    return dict(sorted(weights.items(), key=lambda each: -each[1])[:count])


def add_members(
    found: Heads, lookup: Lookup, types: Mapping[str, float], worth: float, *, deep: int
) -> Steps[None]:
    """Add the members of these types, and of what they derive from, up to `deep` in all."""
    seen: set[str] = set()
    for _ in range(deep):
        if not types:
            return
        seen |= types.keys()
        types = most(types, MOST_GUESSES)
        classes: dict[tuple[Path, str, str], FoundSymbol] = {}
        bases: dict[str, float] = {}
        for symbol in lookup.definitions(types, limit=ALIKE):
            if symbol.kind not in FUNCTIONS:
                classes[symbol.root, symbol.path, symbol.name] = symbol
                bases |= dict.fromkeys(_last_names(symbol.bases), BASE_SHARE * types[symbol.name])
        yield
        for member in lookup.members({name for *_, name in classes}, limit=MOST_MEMBERS):
            container = member.container.rpartition(".")[2]
            within = classes.get((member.root, member.path, container))
            if container in types and not member.name.startswith("__"):
                found.add(member, worth * types[container], within)
        yield
        types = {name: weight for name, weight in bases.items() if name not in seen}


def _last_names(bases: Iterable[str]) -> Iterable[str]:
    """`torch.nn.Module[T]` → Module."""
    for base in bases:
        names = NAME.findall(base.split("[")[0].split("<")[0])
        if names:
            yield names[-1]
