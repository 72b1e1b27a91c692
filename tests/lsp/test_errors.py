"""The table of reactions: what a user sees of an error, and what only the log does."""

from __future__ import annotations

import pytest

from pilotfish.errors import (
    AnswerBroken,
    BackendBusy,
    BackendError,
    BackendResting,
    BackendUnavailable,
    IndexerGone,
    IndexFault,
    KeyRefused,
    ModelUnfit,
    NoCredit,
    PilotfishError,
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


def of_embeddings(error: BackendError) -> BackendError:
    error.named_in = "embeddings.backend"
    return error


@pytest.mark.parametrize(
    ("error", "said", "not_said"),
    [
        (NoCredit("no"), "`backend`", "embeddings"),
        (of_embeddings(NoCredit("no")), "`embeddings.backend`", "`backend`"),
        (of_embeddings(BackendBusy("429")), "by itself", "`backend`"),
        (of_embeddings(KeyRefused("401")), "`pilotfish doctor`", "`backend`"),
        (IndexFault("no room"), "by itself", "reindex"),
        (IndexerGone("it ended"), "pilotfish.reindex", "by itself"),
    ],
)
def test_what_to_do_fits_what_failed(error: PilotfishError, said: str, not_said: str) -> None:
    action = reaction_to(error).action
    assert action is not None
    assert said in action
    assert not_said not in action
