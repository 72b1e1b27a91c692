"""The table of reactions: what a user sees of an error, and what only the log does."""

from __future__ import annotations

import pytest

from pilotfish.errors import (
    AnswerBroken,
    BackendBusy,
    BackendError,
    BackendResting,
    BackendUnavailable,
    KeyRefused,
    ModelUnfit,
    NoCredit,
    PromptRefused,
)
from pilotfish.lsp.errors import reaction_to


@pytest.mark.parametrize(
    ("kind", "is_shown", "does_say_what_to_do"),
    [
        (BackendUnavailable, True, True),
        (KeyRefused, True, True),
        (NoCredit, True, True),
        (ModelUnfit, True, True),
        (PromptRefused, True, True),
        (BackendBusy, False, True),
        (BackendResting, False, False),  # it was said when it failed
        (AnswerBroken, False, False),
    ],
)
def test_what_a_failing_backend_makes_of_the_status(
    kind: type[BackendError], is_shown: bool, does_say_what_to_do: bool
) -> None:
    reaction = reaction_to(kind("no"))
    assert (reaction.message, reaction.action is not None) == (is_shown, does_say_what_to_do)
