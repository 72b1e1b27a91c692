"""*Add missing import*: for a name that nothing in the file binds, as this code base imports it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pilotfish.actions.action import Kind
from pilotfish.actions.candidates import Candidate, candidates, family
from pilotfish.actions.exact import Change, ExactAction, Proposal, in_thread
from pilotfish.actions.import_lines import import_edit, statement
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.syntax.bindings import Use, unbound

LANGUAGES = frozenset({"python", "script", "go", "java", "rust"})
MAX_PROPOSALS = 3
MAX_NAMES = 3
LOOKUP_S = 0.015
_QUOTED_NAME = re.compile(r"[`'\"‘“]([^\W\d][\w.]*)[`'\"’”]|(?:name|symbol|undefined:?) ([^\W\d]\w*)$")


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """For the unbound names that the selection touches, or that a diagnostic here names."""
    found: list[Proposal] = []
    lookup = tools.lookup(spot.hidden, LOOKUP_S)
    for name, uses in _missing(spot).items():
        ways = candidates(name, uses, spot, lookup)[:MAX_PROPOSALS]
        found += [
            Proposal(f"Add `{line}`", line, is_preferred=rank == 0)
            for rank, line in enumerate(dict.fromkeys(statement(way, spot.language.id) for way in ways))
        ]
    return found


def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Write the import."""
    lookup = tools.lookup(spot.hidden, 1.0)
    for name, uses in _missing(spot).items():
        for way in candidates(name, uses, spot, lookup):
            if not detail or statement(way, spot.language.id) == detail:
                return _change(way, spot)
    raise ActionStopped("No name at this place lacks an import that is known.")


def _change(way: Candidate, spot: Spot) -> Change:
    return Change(spot.document, (import_edit(way, spot),))


def _missing(spot: Spot) -> dict[str, list[Use]]:
    """The unbound names here, each with all its uses in the file."""
    tree = spot.tree if family(spot.language.id) in LANGUAGES else None
    if tree is None:
        return {}
    said = {name.partition(".")[0] for diagnostic in spot.diagnostics for name in _named(diagnostic.message)}
    known = unbound(tree, said)
    start, end = spot.selection.start, spot.selection.end
    here: dict[str, list[Use]] = {}
    for use in known.uses:
        is_here = use.start <= end and use.end >= start
        if use.name in said or (is_here and not known.has_wildcard):
            here.setdefault(use.name, [])
    for use in known.uses:
        if use.name in here:
            here[use.name].append(use)
    if spot.language.id == "go":
        here = {name: uses for name, uses in here.items() if name[0].islower()}
    return dict(list(here.items())[:MAX_NAMES])


def _named(message: str) -> list[str]:
    """The names that a diagnostic quotes."""
    return [one or other for one, other in _QUOTED_NAME.findall(message)]


MISSING_IMPORT = ExactAction("import", Kind.QUICKFIX, find, in_thread(change))
