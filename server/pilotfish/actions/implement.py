"""*Implement*: the body of a function, from its signature, its comment and its callers."""

from __future__ import annotations

from pilotfish.actions.action import Kind, ModelAction, Scope

IMPLEMENT = ModelAction(
    name="implement",
    title="Implement {name}",
    kind=Kind.REWRITE,
    scope=Scope.UNFINISHED,
    task="Write the body of {name} as its signature, its comment and its callers ask for. "
    "Keep the signature and the comment.",
)
