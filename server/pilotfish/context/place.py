"""What surrounds the cursor, in the terms in which code is looked for: names, their parts, their kinds.

No grammar is asked. What is read here is only looked up in the index, so that a word that is no type, or no
import, finds nothing and does no harm; and what holds for lines of code holds for a language without a
grammar too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pilotfish.syntax.name_parts import parts_of
from pilotfish.text.document import Document, Position, Range

NEAR_LINES = 6
"""So many lines above and below the cursor tell what it is about."""

REACH_LINES = 1500
"""So far from the cursor it is looked for what a name is."""

HEAD_LINES = 3
"""The head of a class is read so far."""

NAME = re.compile(r"[^\W\d]\w*")
_STEP = r"(?:\?\.|\.|->|::)"
_CHAIN = re.compile(rf"([^\W\d]\w*(?:{_STEP}[^\W\d]\w*)*){_STEP}$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")
_IMPORT = re.compile(
    r"^\s*(?:from|import|use|using|require|include|#\s*include|export\s.*from)\b|\brequire\s*\("
)
_CLASS = re.compile(
    r"^(\s*)(?:[a-z]+\s+)*(?:class|struct|interface|trait|impl|enum|object|record|protocol|extension|module)\b"
)
_HEAD_END = re.compile(r"\{|:\s*\n")
_OWN = frozenset({"self", "this", "cls", "super", "base", "Self"})


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor, or a range, and what surrounds it.

    Attributes:
        document: the snapshot.
        start, end: what is asked about; the same for a cursor, which stands before the word that is begun.
        receiver: the names before the sign for a member at the cursor, outermost first: `("self", "model")`
            after `self.model.`; what is called or indexed counts by its name. Empty at any other place.
        near: names within `NEAR_LINES`, each with its nearness: 1 on the line itself, then falling.
        imported: names on the document's lines of import.
    """

    document: Document
    start: Position
    end: Position
    receiver: tuple[str, ...]
    near: Mapping[str, float]
    imported: frozenset[str]

    @property
    def line_start(self) -> str:
        """The cursor's line up to the word that is begun."""
        return self.document.before(self.start)

    @property
    def is_own(self) -> bool:
        """Whether members of the very class that surrounds the cursor are asked for."""
        return len(self.receiver) == 1 and self.receiver[0] in _OWN

    def parts(self) -> dict[str, float]:
        """The words that the names near are made of, in lower case, each with its nearness."""
        found: dict[str, float] = {}
        for name, nearness in self.near.items():
            for part in parts_of(name):
                found[part] = max(found.get(part, 0.0), nearness)
        return found

    def imported_with(self, name: str) -> list[str]:
        """The names on the lines of import that hold this one: its module's, and what it is an alias of."""
        word = re.compile(rf"(?<!\w){name}(?!\w)")
        lines = (line for line in self.document.lines[:REACH_LINES] if name in line)
        return [
            other
            for line in lines
            if _IMPORT.search(line) and word.search(line)
            for other in NAME.findall(line)
            if other != name
        ]

    def beside(self, name: str) -> dict[str, float]:
        """The names that stand in the document where a name is declared or set: `name: T`, `T name = f()`.

        Returns:
            What stands there with a weight of at most 1: more for what is nearer to the name and the cursor.
        """
        first = max(0, self.start.line - REACH_LINES)
        lines = self.document.lines[first : self.end.line + REACH_LINES]
        set_to = re.compile(rf"(?<!\w){name}\s*(?::=|:(?!:)|=(?!=))\s*([^\n\r]*)")
        typed = re.compile(rf"(?<!\w){name}\s+[*&\[\]]*((?:\w+\.)?[A-Z]\w*)")
        declared = re.compile(rf"([^\W\d]\w*)\s*(?:<[^<>]*>|\[\])?[\s*&]+{name}(?!\w)")
        found: dict[str, float] = {}
        for number, line in enumerate(lines, first):
            if name not in line or len(line) > 400 or number == self.start.line:
                continue
            weight = 1 / (1 + abs(number - self.start.line) / 50)
            words = declared.findall(line) + NAME.findall(" ".join(typed.findall(line)))
            for value in set_to.findall(line):
                words += NAME.findall(value)[:6]
            for rank, word in enumerate(words):
                if word != name:
                    found[word] = max(found.get(word, 0.0), weight / (1 + rank / 2))
        return found

    def surrounding_bases(self) -> list[str]:
        """The names in the heads of the classes that surround the cursor, its own and its bases'."""
        found: list[str] = []
        indent = len(self.line_start) - len(self.line_start.lstrip()) if self.line_start.strip() else 1000
        for number in range(self.start.line - 1, max(-1, self.start.line - REACH_LINES), -1):
            head = _CLASS.match(self.document.lines[number])
            if head and len(head.group(1)) < indent:
                indent = len(head.group(1))
                text = _HEAD_END.split("".join(self.document.lines[number : number + HEAD_LINES]))[0]
                found += NAME.findall(text[head.end() :])
                if not indent:
                    break
        return found


def look_around(document: Document, at: Position | Range) -> Place:
    """What surrounds a cursor or a range; a fraction of a millisecond."""
    start, end = (at.start, at.end) if isinstance(at, Range) else (at, at)
    begun = re.search(r"\w*$", document.before(start))
    if start == end and begun is not None:
        start = end = Position(start.line, begun.start())
    imports = (line for line in document.lines[:REACH_LINES] if _IMPORT.search(line))
    return Place(
        document,
        start,
        end,
        receiver=_receiver(document.before(start)) if start == end else (),
        near=_near(document, start, end),
        imported=frozenset(_names(imports)),
    )


def _receiver(before: str) -> tuple[str, ...]:
    text = before.rstrip()[-300:]
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    chain = _CHAIN.search(text)
    return tuple(re.split(_STEP, chain.group(1))) if chain else ()


def _near(document: Document, start: Position, end: Position) -> dict[str, float]:
    found: dict[str, float] = {}
    for number in range(start.line - NEAR_LINES, end.line + NEAR_LINES + 1):
        distance = max(start.line - number, number - end.line, 0)
        # On the cursor's line, what is before it: the rest may be what is to be found.
        line = document.before(start) if number == start.line == end.line else document.line(number)[:400]
        for name in NAME.findall(line):
            if name not in _OWN:
                found[name] = max(found.get(name, 0.0), 1 / (1 + distance / 2))
    return found


def _names(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield from NAME.findall(line[:400])
