"""What an action is, as data: where it is offered, what it works on, what is asked, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The protocol's kinds, as far as they are used; `refactor.explain` is a branch of our own."""

    QUICKFIX = "quickfix"
    REWRITE = "refactor.rewrite"
    EXPLAIN = "refactor.explain"


class Scope(StrEnum):
    """What an action works on. The values are those of the settings.

    An action is offered only where its scope is there.
    """

    SELECTION = "selection"
    """The selected lines."""
    DEFINITION = "definition"
    """The innermost definition that the selection lies in."""
    EITHER = "either"
    """The selected lines; without a selection, the definition around the cursor."""
    DIAGNOSTICS = "diagnostics"
    """What the editor has marked under the cursor: the definition around it, or the lines."""
    UNFINISHED = "unfinished"
    """A function whose body is still empty."""


class AnswerForm(StrEnum):
    """What a model's answer is. The values are those of the settings."""

    REPLACE = "replace"
    """New text for the scope, whole or as search/replace blocks."""
    COMMENTS = "comments"
    """The same, with nothing changed but comments."""
    SHOW = "show"
    """Markdown to read; nothing is edited."""
    TESTS = "tests"
    """Code for the test file that belongs to the document's."""


@dataclass(frozen=True, slots=True)
class ModelAction:
    """An action that a model does.

    Attributes:
        name: of the command `pilotfish.action.<name>`.
        title: what the menu says; `{name}` is the definition's, `{problem}` the first diagnostic's.
        kind: see `Kind`; users may name others.
        scope: what it works on.
        task: what the model is told to do; may hold `{name}`, `{language}` and `{instruction}`.
        answer: how the answer is used.
        context: whether the model is shown what other files say about it.
    """

    name: str
    title: str
    kind: str
    scope: Scope
    task: str
    answer: AnswerForm = AnswerForm.REPLACE
    context: bool = True

    @property
    def needs_instruction(self) -> bool:
        """Whether the user must say something first."""
        return "{instruction}" in self.task
