"""Definitions of the names in scope: what the receiver at the cursor may be, and what its members are.

The type of a receiver is guessed, not inferred: from what stands where it is declared or set, from what it is
called (`ray_bundle` is a `RayBundle`), from what the same name is elsewhere in the code base. Every guess is
looked up, and what is no type has no members. So nothing here knows a language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pilotfish.context.echoes import Echoes
from pilotfish.context.heads import head
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import NAME, Place
from pilotfish.context.snippet import Snippet
from pilotfish.index.found import FoundSymbol
from pilotfish.index.lookup import Lookup
from pilotfish.platform.steps import Steps
from pilotfish.syntax.name_parts import parts_of

SOURCE = "definitions"

TYPE, MODULE, MEMBER, NAMED, IMPORTED = 2.0, 2.0, 0.7, 0.7, 0.4
"""What is worth most: members of the receiver's type, definitions in the module that it is, members of
classes that are imported or named near, definitions of names that stand near, and of those imported."""

BASES_DEEP = 3
BASE_SHARE = 0.8
NEAR_FILE = 0.3
"""What a definition in the same folder gains."""

MOST_GUESSES, MOST_CLASSES, MOST_NAMES, MOST_SNIPPETS = 16, 8, 30, 100
ALIKE = 3
"""So many definitions of the same name are looked at."""

_FUNCTIONS = frozenset({"function", "method", "constructor", "property", "field", "variable", "constant"})
_BRACKETS = re.compile(r"\([^()]*\)|\{[^{}]*\}")


def definitions(place: Place, lookup: Lookup, echoes: Echoes, near: Nearness) -> Steps[list[Snippet]]:
    """Heads of definitions in other files, one line each, the most telling first.

    Args:
        place: where the cursor is.
        lookup: the catalogs, without the cursor's own file.
        echoes: the segments, without it.
        near: how near other files are to it.
    """
    found = _Found(near)
    if place.receiver:
        guesses = yield from _types(place, lookup, echoes)
        yield from _members(found, lookup, guesses, TYPE, deep=BASES_DEEP)
        yield from _module(found, place, lookup)
    names = _most(dict.fromkeys(sorted(place.imported), IMPORTED), MOST_NAMES)
    names |= _most({name: NAMED * nearness for name, nearness in place.near.items()}, MOST_NAMES)
    symbols = lookup.definitions(names, limit=ALIKE)
    yield
    for symbol in symbols:
        found.add(symbol, names[symbol.name])
    classes = {symbol.name: names[symbol.name] for symbol in symbols if symbol.kind not in _FUNCTIONS}
    yield from _members(found, lookup, _most(classes, MOST_CLASSES), MEMBER, deep=1)
    return found.snippets()


class _Found:
    """Symbols to show, each with the best score it was given, and what it stands in."""

    def __init__(self, near: Nearness) -> None:
        self._near = near
        self._symbols: dict[tuple[str, int, str], tuple[float, FoundSymbol, FoundSymbol | None]] = {}

    def add(self, symbol: FoundSymbol, score: float, within: FoundSymbol | None = None) -> None:
        score += NEAR_FILE * self._near[symbol.path]
        key = symbol.path, symbol.name_line, symbol.name  # two folders that hold the same show it once
        known = self._symbols.get(key)
        if known is None or known[0] < score:
            self._symbols[key] = score, symbol, within or (known[2] if known else None)

    def snippets(self) -> list[Snippet]:
        best = sorted(self._symbols.values(), key=lambda each: -each[0])[:MOST_SNIPPETS]
        made = (head(symbol, SOURCE, score, within) for score, symbol, within in best)
        return [snippet for snippet in made if snippet is not None]


def _most(weights: Mapping[str, float], count: int) -> dict[str, float]:
    return dict(sorted(weights.items(), key=lambda each: -each[1])[:count])


def _types(place: Place, lookup: Lookup, echoes: Echoes) -> Steps[dict[str, float]]:
    """Names that may be the receiver's type, or a function that returns it."""
    if place.is_own:
        return dict.fromkeys(place.surrounding_bases(), 0.8)
    name = place.receiver[-1]
    guesses = place.beside(name)
    yield
    guesses = _either(guesses, {name: 1.0}, _by_name(name), _by_use(name, echoes))
    yield
    # A function stands for what it returns: the names in its head outside of its parameters.
    returned: dict[str, float] = {}
    for symbol in lookup.definitions(guesses, limit=4):
        if symbol.kind in _FUNCTIONS:
            head = symbol.signature
            while (shorter := _BRACKETS.sub("", head)) != head:
                head = shorter
            returned |= dict.fromkeys(NAME.findall(head), 0.8 * guesses[symbol.name])
    yield
    return _either(returned, guesses)


def _either(*guesses: Mapping[str, float]) -> dict[str, float]:
    """Each name with the highest weight that somebody gave it."""
    found: dict[str, float] = {}
    for each in guesses:
        for name, weight in each.items():
            found[name] = max(found.get(name, 0.0), weight)
    return found


def _by_name(name: str) -> dict[str, float]:
    """Types that would be called so: `ray_bundle` → `RayBundle`, and less likely `Bundle`."""
    parts = parts_of(name)
    return {
        "".join(part.capitalize() for part in parts[start:]): 0.7 * (len(parts) - start) / len(parts)
        for start in range(len(parts))
    }


def _by_use(name: str, echoes: Echoes) -> dict[str, float]:
    """What stands elsewhere where the same name is declared or set: `name: T`, `name = T(`."""
    settings = [[lead + name, sign] for sign in (":", " =") for lead in ("", " ")]
    counts = Counter(echo.next.lstrip() for echo in echoes.after(settings, width=24, least=2))
    most = max(counts.values(), default=1)
    return {word: 0.6 * count / most for word, count in counts.most_common(12) if NAME.fullmatch(word)}


def _members(
    found: _Found, lookup: Lookup, types: Mapping[str, float], worth: float, *, deep: int
) -> Steps[None]:
    """Add the members of these types, and of what they derive from, up to `deep` in all."""
    seen: set[str] = set()
    for _ in range(deep):
        if not types:
            return
        seen |= types.keys()
        types = _most(types, MOST_GUESSES)
        classes: dict[tuple[Path, str, str], FoundSymbol] = {}
        bases: dict[str, float] = {}
        for symbol in lookup.definitions(types, limit=6):
            if symbol.kind not in _FUNCTIONS:
                classes[symbol.root, symbol.path, symbol.name] = symbol
                bases |= dict.fromkeys(_last_names(symbol.bases), BASE_SHARE * types[symbol.name])
        yield
        for member in lookup.members({name for *_, name in classes}, limit=200):
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


def _module(found: _Found, place: Place, lookup: Lookup) -> Steps[None]:
    """Add what is defined at the top of the files that the receiver may be the module of."""
    name = place.receiver[-1]
    words = {name: 1.0} | dict.fromkeys(place.imported_with(name), 0.6)
    files = lookup.files([f"{word}.*" for word in words], limit=12)
    yield
    for file in files:
        for symbol in lookup.symbols_of(file):
            if not symbol.container:
                found.add(symbol, MODULE * words.get(file.stem, 0.5))
        yield
