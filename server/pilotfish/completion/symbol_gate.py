"""A member that is almost right is put right: `client.sendMsg(…)` where a `Client` has `sendMessage`.

Nothing is done on a guess. The document must say of what type the receiver is, the index must know all
members of that type, the name that was generated must be none of them and stand nowhere else in the document,
and exactly one member must be near it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pilotfish.completion.gap import Gap
from pilotfish.completion.syntax_gate import is_prose_here
from pilotfish.platform.steps import Steps
from pilotfish.syntax.name_parts import parts_of

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree

# Compiled when first needed, not before `initialize` is answered.
_MEMBER = (
    r"(?<![\w.>:)\]])(?P<itself>(?:self|this)(?:\.|->))?\$?"
    r"(?P<receiver>[^\W\d]\w*)(?:\?\.|\.|->)(?P<name>[^\W\d]\w{2,})"
)
_PROSE = r"[\"'`#]|//|/\*"
_BINDING = r"\b{0}\b\s*(?::[^=\n]*)?:?=[^=]|\b(?:for|let|const|var|as|in|def|fn|func|function)\b[^\n]*\b{0}\b"
_OF_EVERYTHING = frozenset(
    {"clone", "copy", "equals", "hash", "into", "iter", "len", "size", "toString", "valueOf"}
)
_VOWELS = "aeiou"
_TYPO_CHARS, _TWO_TYPOS_CHARS = 6, 10


def symbol_gate(text: str, gap: Gap) -> Steps[str]:
    """Names of members that are off by a letter, an abbreviation or a way of writing are put right."""
    if not re.search(_MEMBER, gap.before + text):
        return text
    document = gap.document.text
    unknown = [used for used in _members(text, gap.before) if not _stands_in(document, used[1]["name"])]
    tree = (yield from gap.tree()) if unknown else None
    if tree is None or (yield from is_prose_here(gap)):
        return text
    types = _types(gap, tree, document)
    for start, used in reversed(unknown):
        name, receiver = used["name"], used["receiver"]
        told = types.get((bool(used["itself"]), receiver))
        if not told or name in _OF_EVERYTHING or re.search(_BINDING.format(re.escape(receiver)), text):
            continue
        members = gap.members(told)
        near = [member for member in members if is_near(name, member)]
        if len(near) == 1 and name not in members:
            text = text[:start] + near[0] + text[start + len(name) :]
    return text


def _types(gap: Gap, tree: Tree, document: str) -> dict[tuple[bool, str], str]:
    """The types that the text says: of `self.name` (True) and of `name` alone (False)."""
    from pilotfish.syntax.scope import locals_at  # noqa: PLC0415 - with the first tree

    types = {}
    for local in locals_at(tree, gap.request.position):
        is_field = local.kind == "field"
        types[is_field, local.name] = local.type
        if is_field and not re.search(rf"\b(?:self|this)(?:\.|->){re.escape(local.name)}\b", document):
            types.setdefault((False, local.name), local.type)  # a language where a field needs no `this`
    return types


def _members(text: str, before: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The members that a text names after `before`, with where each name begins; no comments, no strings."""
    offset = -len(before)
    prose_sign, member = re.compile(_PROSE), re.compile(_MEMBER)
    for line in (before + text).split("\n"):
        prose = prose_sign.search(line, max(0, -offset))
        for used in member.finditer(line, 0, prose.start() if prose else len(line)):
            if offset + used.start("name") >= 0:
                yield offset + used.start("name"), used
        offset += len(line) + 1


def _stands_in(document: str, name: str) -> bool:
    return name in document and re.search(rf"\b{re.escape(name)}\b", document) is not None


def is_near(name: str, member: str) -> bool:
    """Whether a name most likely means a member: `sendMsg`, `send_message`, `sendMesage`: `sendMessage`."""
    parts, others = parts_of(name), parts_of(member)
    if name.startswith("_") != member.startswith("_") or not parts or not others:
        return False
    if parts == others:
        return True
    if len(parts) == len(others):
        different = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
        if len(different) == 1 and is_short_for(*sorted(different[0], key=len)):
            return True
    allowed = (len(name) >= _TYPO_CHARS) + (len(name) >= _TWO_TYPOS_CHARS)
    return distance(name, member, allowed) <= allowed if allowed else False


def is_short_for(short: str, word: str) -> bool:
    """`msg` for `message`, `cfg` for `config`, `conf` for `config`; both in lower case."""
    if len(short) < 3 or len(short) == len(word) or short[0] != word[0]:
        return False
    if word.startswith(short):
        return True
    letters = iter(word)
    is_without_vowels = short[-1] == word.rstrip(_VOWELS)[-1:] and not set(short[1:]) & set(_VOWELS)
    return is_without_vowels and all(letter in letters for letter in short)


def distance(one: str, other: str, limit: int) -> int:
    """How many letters are to be put in, taken out, changed or swapped; `limit + 1` stands for any more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, there in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != there))
            if row > 1 and column > 1 and (letter, one[row - 2]) == (other[column - 2], there):
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return last[-1]
