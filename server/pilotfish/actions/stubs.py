"""*Implement abstract methods*: a stub for each method that a type's bases demand and it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pilotfish.actions.action import Kind
from pilotfish.actions.class_stubs import lacks_of_class
from pilotfish.actions.exact import Change, ExactAction, Proposal, in_thread
from pilotfish.actions.go_stubs import lacks_of_type
from pilotfish.actions.lack import Lack
from pilotfish.actions.new_names import with_imports
from pilotfish.actions.rust_stubs import lacks_of_impl
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

LOOKUP_S = 0.015
MAX_NAMES = 3
LANGUAGES: Mapping[str, Callable[[Spot, Lookup], list[Lack]]] = {
    **dict.fromkeys(("python", "typescript", "typescriptreact", "java"), lacks_of_class),
    "rust": lacks_of_impl,
    "go": lacks_of_type,
}


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """Where a type lacks something."""
    lacks = LANGUAGES.get(spot.language.id)
    found = lacks(spot, tools.lookup(spot.hidden, LOOKUP_S)) if lacks else []
    return [Proposal(_title(lack), lack.base, is_preferred=lack.is_said) for lack in found]


def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Write the stubs, and the imports that they need."""
    lacks, lookup = LANGUAGES.get(spot.language.id), tools.lookup(spot.hidden, 1.0)
    for lack in lacks(spot, lookup) if lacks else ():
        if detail in ("", lack.base):
            return with_imports(Change(spot.document, (lack.edit,)), spot, lookup)
    raise ActionStopped("This type lacks nothing that its known bases demand.")


def _title(lack: Lack) -> str:
    names = ", ".join(member.name for member in lack.members[:MAX_NAMES])
    of_base = f"{lack.base}: " if lack.base else ""
    return f"Implement {of_base}{names}" + (", …" if len(lack.members) > MAX_NAMES else "")


STUBS = ExactAction("stubs", Kind.QUICKFIX, find, in_thread(change))
