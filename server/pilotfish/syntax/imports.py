"""Imports: what a file takes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pilotfish.syntax.definitions import Captures
from pilotfish.syntax.source import Source

if TYPE_CHECKING:
    import tree_sitter

_MAX_BYTES = 4000
_WORDS_BEFORE = re.compile(r"^(?:pub(?:\([^)]*\))?\s+)?(?:(?:import|use|static|function|const)\s+)*")
_CLAUSE_NAME = re.compile(r"(?:type\s+)?(\*|[\w$]+)(?:\s+as\s+([\w$]+))?")
_ALIAS = re.compile(r"\s+as\s+")


class Import(NamedTuple):
    """One imported name, or one whole module.

    Attributes:
        module: as written: `a.b`, `..x`, `./util`, `stdio.h`, `std::collections`.
        name: the name taken from the module; empty where the module itself is imported, `*` for all its names
            at once, `default` for its default export.
        alias: what it is called in this file where that is another name, else empty.
        line: where it stands, from 0.
    """

    module: str
    name: str
    alias: str
    line: int


def imports_of(
    source: Source, query: tree_sitter.Query, matches: Sequence[tuple[int, Captures]]
) -> list[Import]:
    """The imports that the query found, in the order of the text.

    A pattern has `@import`, and then either `@module`, `@name` and `@alias`, where a module that is not
    spelled out is set in the pattern (`#set!`); or `@module` and a `@clause` as in JavaScript; or a `@tree`,
    which is one import in the language's own spelling, such as `a::{b, c as d}`.
    """
    found: list[Import] = []
    for pattern, captures in matches:
        if "import" not in captures:
            continue
        line = source.line_of(captures["import"][0].start_byte)
        module = _text(source, captures, "module")
        if "tree" in captures:
            found += [Import(*branch, line) for branch in _branches(_text(source, captures, "tree"))]
        elif "clause" in captures:
            names = _names_of_clause(_text(source, captures, "clause"))
            found += [Import(module, name, alias, line) for name, alias in names]
        else:
            given = query.pattern_settings(pattern)
            name, alias = (_text(source, captures, part) for part in ("name", "alias"))
            found.append(Import(module or given.get("module") or "", name, alias, line))
    found.sort(key=lambda one: one.line)
    return found


def _text(source: Source, captures: Captures, part: str) -> str:
    if part not in captures:
        return ""
    node = captures[part][0]
    end = min(node.end_byte, node.start_byte + _MAX_BYTES)
    return source.text(node.start_byte, end).strip("\"'`<> ")


def _names_of_clause(clause: str) -> Iterator[tuple[str, str]]:
    """`A, { b, c as d }` → name and alias of each: `default A`, `b`, `c d`."""
    outside, _, inside = clause.partition("{")
    for name, alias in _CLAUSE_NAME.findall(outside):
        yield ("", alias) if name == "*" else ("default", name)
    yield from _CLAUSE_NAME.findall(inside)


def _branches(text: str) -> Iterator[tuple[str, str, str]]:
    """`use a::{b, c as d, e::*};` → module, name and alias of each: `a b`, `a c d`, `a::e *`."""
    text = _WORDS_BEFORE.sub("", text.strip("; "))
    if "," not in text and "{" not in text:
        yield _branch(text)
        return
    prefixes = [""]
    for piece in re.split(r"([{},])", text):
        path = piece.strip()
        if path == "}":
            prefixes = prefixes[:-1] or [""]
        elif path.endswith(("::", "\\", ".")):
            prefixes.append(prefixes[-1] + path)
        elif path not in ("", ",", "{"):
            yield _branch(prefixes[-1] + _WORDS_BEFORE.sub("", path))


def _branch(path: str) -> tuple[str, str, str]:
    path, alias = _ALIAS.split(path, maxsplit=1) if _ALIAS.search(path) else (path, "")
    path = "".join(path.split())
    separator = next((mark for mark in ("::", "\\", ".") if mark in path), "")
    module, _, name = path.rpartition(separator) if separator else (path, "", "")
    return module, "" if name == "self" else name, alias
