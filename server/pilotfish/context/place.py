"""What surrounds the cursor, in the terms in which code is looked for: names, how near, and what they may be.

No grammar is asked. What is read here is only looked up in the index, so that a word that is no type, or no
import, finds nothing and does no harm; and what holds for lines of code holds for a language without a
grammar too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest, nsmallest

from pilotfish.text.document import Document, Position, Range

NEAR_LINES = 6
"""So many lines above and below the cursor tell what it is about."""

REGION_LINES = 8
"""So many lines share what surrounds them: whoever moves among them is shown the same."""

AROUND_LINES = 20
"""So many lines are compared with other pieces of code."""

REACH_LINES, MOST_DECLARED = 1500, 24
"""So far from the cursor it is looked for what a name is, in so many lines that hold it."""

RECEIVER_CHARS = 120
MOST_TERMS = 24
"""So many names are looked up at once."""

HEAD_LINES, IMPORT_LINES = 3, 40
"""The head of a class, and a statement of import, are read so far."""

IMPORTS_WITHIN = 500
"""So many lines at the top of a document may hold its imports."""

NAME = re.compile(r"[^\W\d]\w*")
_STEP = r"(?:\?\.|\.|->|::)"
_CHAIN = re.compile(rf"([^\W\d]\w*(?:{_STEP}[^\W\d]\w*)*){_STEP}$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")
_IMPORTS = ("from ", "import ", "use ", "using ", "require", "include", "#include", "# include", "pub use ")
_PERHAPS_IMPORTS = ("const ", "let ", "var ", "export ")
_FIRST_LETTERS = frozenset(word[:3] for word in _IMPORTS + _PERHAPS_IMPORTS)
_SURELY_IMPORTS = ("require(", " from ")
_CLASS = re.compile(
    r"^(\s*)(?:[a-z]+\s+)*(?:class|struct|interface|trait|impl|enum|object|record|protocol|extension|module)\b"
)
_TYPE_BEFORE = re.compile(r"([^\W\d]\w*)\s*(?:<[^<>]*>|\[\])?[\s*&]+\Z")
_BEFORE_NAME = (" ", "\t", "*", "&")
_TYPE_AFTER = re.compile(r"\s+[*&\[\]]*((?:\w+\.)?[A-Z]\w*)")
_VALUE_AFTER = re.compile(r"\s*(?::=|:(?!:)|=(?!=))\s*([^\n\r]*)")
_HEAD_END = re.compile(r"\{|:\s*\n")
_OWN = frozenset({"self", "this", "cls", "super", "base", "Self"})


@dataclass(frozen=True)
class Place:
    """A cursor, or a range, and what surrounds it, which is looked for when it is first asked for.

    Attributes:
        document: the snapshot.
        start, end: what is asked about; the same for a cursor, which stands before the word that is begun.
        receiver: the names before the sign for a member at the cursor, outermost first: `("self", "model")`
            after `self.model.`; what is called or indexed counts by its name. Empty at any other place.
    """

    document: Document
    start: Position
    end: Position
    receiver: tuple[str, ...]

    @cached_property
    def near(self) -> Mapping[str, float]:
        """Names within `NEAR_LINES`, each with its nearness: 1 on the line itself, then falling."""
        return _near(self.document, self.start, self.end)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The document's statements of import."""
        return tuple(_imports(self.document.lines))

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names in them."""
        return frozenset(name for text in self.imports for name in NAME.findall(text))

    @cached_property
    def around(self) -> frozenset[str]:
        """The different names around it, in `AROUND_LINES` above and half as many below.

        Those on the cursor's own line do not count: the answer stays the same from key to key, and with it
        the prompt, which a model server would have to read again from the first snippet that changes.
        """
        lines, first, last = self.document.lines, self.start.line, self.end.line
        around = [
            *lines[max(0, first - AROUND_LINES) : first],
            *lines[last + 1 : last + 1 + AROUND_LINES // 2],
        ]
        if first < last:
            around += lines[first : last + 1]
        return frozenset(NAME.findall("".join(around)))

    @cached_property
    def region(self) -> Place:
        """The lines that are asked about together with the cursor's; a range is a region of its own."""
        if self.start != self.end:
            return self
        first = self.start.line - self.start.line % REGION_LINES
        last = min(first + REGION_LINES, len(self.document.lines)) - 1
        return Place(self.document, Position(first, 0), Position(last, len(self.document.line(last))), ())

    @property
    def surroundings(self) -> frozenset[str]:
        """The lines from which `near` and `around` are read."""
        first = max(0, self.start.line - AROUND_LINES)
        return frozenset(self.document.lines[first : self.end.line + 1 + AROUND_LINES // 2])

    @property
    def line_start(self) -> str:
        """The cursor's line up to the word that is begun."""
        return self.document.before(self.start)

    @property
    def is_own(self) -> bool:
        """Whether members of the very class that surrounds the cursor are asked for."""
        return len(self.receiver) == 1 and self.receiver[0] in _OWN

    def terms(self) -> list[tuple[str, float]]:
        """The nearest names, each with its nearness."""
        return nlargest(MOST_TERMS, self.near.items(), key=lambda each: each[1])

    def imported_with(self, name: str) -> list[str]:
        """The names on the lines of import that hold this one: its module's, and what it is an alias of."""
        names = (NAME.findall(text) for text in self.imports if name in text)
        return [other for each in names if name in each for other in each if other != name]

    def beside(self, name: str) -> dict[str, float]:
        """The names that stand in the document where a name is declared or set: `name: T`, `T name = f()`.

        Returns:
            What stands there with a weight of at most 1: more for what is nearer to the name and the cursor.
        """
        lines, here = self.document.lines, self.start.line
        first = max(0, here - REACH_LINES)
        reach = enumerate(lines[first : self.end.line + REACH_LINES], first)
        holding = [number for number, line in reach if name in line and len(line) <= 400]
        found: dict[str, float] = {}
        for number in nsmallest(MOST_DECLARED, holding, key=lambda number: abs(number - here)):
            if number == here:
                continue
            weight = 1 / (1 + abs(number - here) / 50)
            for rank, word in enumerate(_declared(lines[number], name)):
                found[word] = max(found.get(word, 0.0), weight / (1 + rank / 2))
        found.pop(name, None)
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
    """What surrounds a cursor or a range."""
    start, end = (at.start, at.end) if isinstance(at, Range) else (at, at)
    if start == end:
        before = document.before(start)
        while before and (before[-1].isalnum() or before[-1] == "_"):
            before = before[:-1]
        start = end = Position(start.line, len(before))
    receiver = _receiver(document.before(start)) if start == end else ()
    return Place(document, start, end, receiver)


def _declared(line: str, name: str) -> list[str]:
    """What stands in a line where a name is declared or set: before it, or after it and a sign."""
    words: list[str] = []
    start = line.find(name)
    while start >= 0:
        end = start + len(name)
        if line[end : end + 1] != "_" and not line[end : end + 1].isalnum():
            if line[start - 1 : start] in _BEFORE_NAME:
                before = _TYPE_BEFORE.search(line, max(0, start - 60), start)
                words += before.groups() if before else ()
            after = _VALUE_AFTER.match(line, end) or _TYPE_AFTER.match(line, end)
            if after and not line[start - 1 : start].isalnum() and line[start - 1 : start] != "_":
                words += NAME.findall(after.group(1))[:6]
        start = line.find(name, end)
    return words


def _receiver(before: str) -> tuple[str, ...]:
    text = before.rstrip()[-RECEIVER_CHARS:]
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


def _imports(lines: Sequence[str]) -> Iterator[str]:
    """The statements of import, brackets over several lines included."""
    perhaps = [at for at, line in enumerate(lines[:IMPORTS_WITHIN]) if line.lstrip()[:3] in _FIRST_LETTERS]
    for number in perhaps:
        line = lines[number]
        start = line.lstrip()
        if not start.startswith(_IMPORTS + _PERHAPS_IMPORTS):
            continue
        if start.startswith(_PERHAPS_IMPORTS) and not any(sign in start for sign in _SURELY_IMPORTS):
            continue
        text, end = line, number + 1
        while _is_open(text) and end < min(len(lines), number + IMPORT_LINES):
            text += lines[end]
            end += 1
        yield text[:2000]


def _is_open(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("{") > text.count("}")
