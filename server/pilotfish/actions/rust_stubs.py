"""Stubs for what a trait demands of the `impl` block around the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotfish.actions.bases import Member, demanded
from pilotfish.actions.insertions import before_brace, indent_of, unit_of
from pilotfish.actions.lack import Lack
from pilotfish.actions.spot import Spot
from pilotfish.syntax.implementations import implementations

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

_UNIT = "    "


def lacks_of_impl(spot: Spot, lookup: Lookup) -> list[Lack]:
    """What the block lacks; what a trait asks of another trait belongs into a block of its own."""
    line, document = spot.selection.end.line, spot.document
    for block in implementations(spot.tree) if spot.tree else ():
        if block.start_line <= line < block.end_line:
            members = list(demanded([block.interface], block.names, spot, lookup, depth=1).values())
            indent = indent_of(document, block.start_line)
            indent += unit_of(document, block.start_line, block.end_line, _UNIT)
            text = "".join(f"\n{_stub(member, indent)}" for member in members)
            edit = before_brace(document, block.start_line, block.end_line, text)
            return [Lack("", members, edit)] if members and edit else []
    return []


def _stub(member: Member, indent: str) -> str:
    head = member.head.rstrip(";")
    if member.kind == "type":
        return f"{indent}type {member.name} = ();\n"
    if member.kind == "constant":
        return f"{indent}{head} = todo!();\n"
    return f"{indent}{head} {{\n{indent}{_UNIT}todo!()\n{indent}}}\n"
