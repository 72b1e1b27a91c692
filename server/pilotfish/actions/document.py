"""*Document*: the doc comment of a definition, in its language's own style."""

from __future__ import annotations

from pilotfish.actions.action import AnswerForm, Kind, ModelAction, Scope

DOCUMENT = ModelAction(
    name="document",
    title="Document {name}",
    kind=Kind.REWRITE,
    scope=Scope.DEFINITION,
    task="Write the doc comment of {name} in the usual style of {language}, or better the one that is there. "
    "Change nothing but comments.",
    answer=AnswerForm.COMMENTS,
)
