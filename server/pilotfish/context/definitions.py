"""Members of the receiver at the cursor: what its type may be, and what stands in that.

The type of a receiver is guessed, not inferred: from what stands where it is declared or set, from what it is
called (`ray_bundle` is a `RayBundle`), from what the same name is elsewhere in the code base. Every guess is
looked up, and what is no type has no members. So nothing here knows a language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from pilotfish.context.echoes import Echoes
from pilotfish.context.heads import FUNCTIONS, Heads, add_members
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import NAME, Place
from pilotfish.context.snippet import Snippet
from pilotfish.index.lookup import ALIKE, Lookup
from pilotfish.platform.steps import Steps
from pilotfish.syntax.name_parts import parts_of

SOURCE = "definitions"

TYPE = MODULE = 2.0
"""What members of the receiver's type are worth, and definitions in the module that it is."""

BASES_DEEP, MOST_OF_A_MODULE = 3, 400

_BRACKETS = re.compile(r"\([^()]*\)|\{[^{}]*\}")


def definitions(place: Place, lookup: Lookup, echoes: Echoes, near: Nearness) -> Steps[list[Snippet]]:
    """Heads of definitions in other files, one line each, the most telling first.

    Args:
        place: where the cursor is.
        lookup: the catalogs, without the cursor's own file.
        echoes: the segments, without it.
        near: how near other files are to it.
    """
    found = Heads(SOURCE, near)
    if place.receiver:
        guesses = yield from _types(place, lookup, echoes)
        yield from add_members(found, lookup, guesses, TYPE, deep=BASES_DEEP)
        yield from _module(found, place, lookup)
    return found.snippets()


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
    for symbol in lookup.definitions(guesses, limit=ALIKE):
        if symbol.kind in FUNCTIONS:
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


def _module(found: Heads, place: Place, lookup: Lookup) -> Steps[None]:
    """Add what is defined at the top of the files that the receiver may be the module of."""
    name = place.receiver[-1]
    words = {name: 1.0} | dict.fromkeys(place.imported_with(name), 0.6)
    files = lookup.files([f"{word}.*" for word in words], limit=12)
    yield
    for file in files:
        for symbol in lookup.symbols_of(file, limit=MOST_OF_A_MODULE):
            if not symbol.container:
                found.add(symbol, MODULE * words.get(file.stem, 0.5))
        yield
