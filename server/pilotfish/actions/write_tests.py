"""*Write tests*: in the place and the framework that the project uses."""

from __future__ import annotations

from pilotfish.actions.action import AnswerForm, Kind, ModelAction, Scope

WRITE_TESTS = ModelAction(
    name="tests",
    title="Write tests for {name}",
    kind=Kind.REWRITE,
    scope=Scope.DEFINITION,
    task="Write tests for {name}: the usual case, the edges, and what must fail.",
    answer=AnswerForm.TESTS,
)
