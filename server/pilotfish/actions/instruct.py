"""*Edit with instruction*: whatever the user says."""

from __future__ import annotations

from pilotfish.actions.action import Kind, ModelAction, Scope

EDIT = ModelAction(
    name="edit",
    title="Edit {name} …",
    kind=Kind.REWRITE,
    scope=Scope.EITHER,
    task="{instruction}",
)
