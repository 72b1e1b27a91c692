"""*Simplify*: the same, said more plainly."""

from __future__ import annotations

from pilotfish.actions.action import Kind, ModelAction, Scope

SIMPLIFY = ModelAction(
    name="simplify",
    title="Simplify the selection",
    kind=Kind.REWRITE,
    scope=Scope.SELECTION,
    task="Make the code simpler and easier to read. It must do exactly the same as before.",
)
