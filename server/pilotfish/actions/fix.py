"""*Fix*: what another language server has marked under the cursor."""

from __future__ import annotations

from pilotfish.actions.action import Kind, ModelAction, Scope

FIX = ModelAction(
    name="fix",
    title="Fix: {problem}",
    kind=Kind.QUICKFIX,
    scope=Scope.DIAGNOSTICS,
    task="Correct the code so that the diagnostics do not apply any more, without changing what it is for.",
)
