"""The imports that new code needs: of the names that it brought, and that nothing in the file binds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pilotfish.actions.candidates import candidates
from pilotfish.actions.exact import Change
from pilotfish.actions.import_lines import import_edit
from pilotfish.actions.spot import Spot
from pilotfish.syntax.bindings import Use, unbound
from pilotfish.text.document import Document, Position
from pilotfish.text.edit import minimal_edits

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup


def with_imports(change: Change, spot: Spot, lookup: Lookup) -> Change:
    """The change, and with it the likeliest import of each name that only the new code uses."""
    made = change.made
    known = _unbound(spot, spot.document).keys()
    for name, uses in _unbound(spot, made).items():
        here = replace(spot, document=made, parsed_before=None)
        ways = candidates(name, uses, here, lookup) if name not in known else []
        if ways:
            made = Change(made, (import_edit(ways[0], here),)).made
    if made.text == change.made.text:
        return change
    return Change(spot.document, tuple(minimal_edits(Position(0, 0), spot.document.text, made.text)))


def _unbound(spot: Spot, document: Document) -> dict[str, list[Use]]:
    """The uses of each name that nothing binds."""
    tree = replace(spot, document=document).tree
    found: dict[str, list[Use]] = {}
    for use in unbound(tree).uses if tree else ():
        found.setdefault(use.name, []).append(use)
    return found
