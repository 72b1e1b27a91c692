"""*Explain*: Markdown beside the code."""

from __future__ import annotations

from pilotfish.actions.action import AnswerForm, Kind, ModelAction, Scope

EXPLAIN = ModelAction(
    name="explain",
    title="Explain {name}",
    kind=Kind.EXPLAIN,
    scope=Scope.EITHER,
    task="Explain what the part between the markers does, why, and what is easily overlooked in it.",
    answer=AnswerForm.SHOW,
)
