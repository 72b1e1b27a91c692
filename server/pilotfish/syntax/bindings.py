"""Names that a file uses and nothing in it binds: an import may be missing.

A name counts as bound if it is anywhere in the file, in whatever scope: what is left is almost surely
unknown. The queries `names.scm` say what binds and what uses a name.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from pilotfish.syntax.grammars import query_of, query_source
from pilotfish.syntax.languages import Language
from pilotfish.syntax.tree import Tree
from pilotfish.text.document import Position

_MEMBER = re.compile(rb"\s*(?:\.|::)\s*([^\W\d]\w*)")
_CALL = re.compile(rb"\s*(?:<[^<>()]*>)?\s*[({]")
_WORD = re.compile(r"[^\W\d]\w*")
_LAST_PART = re.compile(r"[^/]+(?:/v\d+)?$")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a name that nothing binds.

    Attributes:
        name: the name.
        start, end: where it stands.
        member: what is taken from it right there (`name.member`), or empty.
        is_called: whether it is called, or made a new object of.
    """

    name: str
    start: Position
    end: Position
    member: str
    is_called: bool


@dataclass(frozen=True, slots=True)
class Unbound:
    """What a file leaves open.

    Attributes:
        uses: every use of every name that nothing binds, in order.
        has_wildcard: whether something is imported that does not say its names: they may come from there.
    """

    uses: tuple[Use, ...] = ()
    has_wildcard: bool = False


def unbound(tree: Tree, said: Collection[str] = ()) -> Unbound:
    """The names that nothing in the file binds; nothing for a language without the query.

    Args:
        tree: of the file.
        said: names that somebody who knows better calls unbound: something else of that name may be bound.
    """
    query = query_of(tree.language, "names")
    if query is None:
        return Unbound()
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    captures = tree_sitter.QueryCursor(query).captures(tree.root.root_node)

    def text(node: tree_sitter.Node) -> str:
        return tree.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    bound = {text(node) for node in captures.get("bound", ())} | predefined(tree.language)
    for node in captures.get("import", ()):
        bound.update(_WORD.findall(text(node)))
    for node in captures.get("path", ()):
        bound.update(_WORD.findall("".join(_LAST_PART.findall(text(node).strip('"`')))))
    bound.difference_update(said)
    no_uses = {node.start_byte for kind in ("bound", "other") for node in captures.get(kind, ())}
    uses = []
    for node in sorted(captures.get("used", ()), key=lambda node: node.start_byte):
        if node.start_byte in no_uses or (name := text(node)) in bound:
            continue
        member = _MEMBER.match(tree.source, node.end_byte)
        uses.append(
            Use(
                name,
                tree.position(node.start_byte),
                tree.position(node.end_byte),
                member[1].decode("utf-8", "replace") if member else "",
                _CALL.match(tree.source, node.end_byte) is not None,
            )
        )
    return Unbound(tuple(uses), bool(captures.get("wildcard")))


@cache
def predefined(language: Language) -> frozenset[str]:
    """The names that every file of the language knows: the file `predefined.txt` beside its queries."""
    words = query_source(language, "predefined", ".txt")
    own = frozenset(word for line in words.splitlines() if line[0] != "#" for word in line.split())
    return own | frozenset(dir(builtins)) if language.id == "python" else own
