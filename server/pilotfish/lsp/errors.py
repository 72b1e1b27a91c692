"""What an error means at the edge: the protocol's code, the log level, what the status line says to do."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pilotfish.errors import (
    ActionStopped,
    AnswerBroken,
    BackendBusy,
    BackendError,
    BackendResting,
    BackendUnavailable,
    IndexBusy,
    IndexerGone,
    IndexFault,
    InputError,
    KeyFault,
    KeyRefused,
    ModelUnfit,
    NoCredit,
    PilotfishError,
    SettingsFault,
)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803


class RequestError(Exception):
    """A request is answered with this error and nothing else."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reaction:
    """What happens when a session meets an error.

    Attributes:
        level: of the line in the log.
        action: what the user can do about it, for the status; None where there is nothing to do.
        message: whether the first one of its kind in a session is also shown as a message.
    """

    level: int
    action: str | None
    message: bool


_TABLE: tuple[tuple[type[PilotfishError], Reaction], ...] = (
    # The first row whose class fits holds: a subclass stands before its base.
    (SettingsFault, Reaction(logging.WARNING, "Correct this setting.", message=True)),
    (BackendBusy, Reaction(logging.INFO, "Name another backend after it in `backend`.", message=False)),
    (BackendResting, Reaction(logging.INFO, None, message=False)),
    (
        BackendUnavailable,
        Reaction(logging.WARNING, "Start the model's server, or correct its address.", True),
    ),
    (KeyFault, Reaction(logging.WARNING, "`pilotfish doctor` says where keys are looked for.", True)),
    (KeyRefused, Reaction(logging.WARNING, "`pilotfish doctor` says where keys are looked for.", True)),
    (NoCredit, Reaction(logging.WARNING, "Name another backend in `backend`.", message=True)),
    (ModelUnfit, Reaction(logging.WARNING, "Name another `model` in its settings.", message=True)),
    (AnswerBroken, Reaction(logging.WARNING, None, message=False)),
    (BackendError, Reaction(logging.WARNING, "Check the backend's settings and its server's log.", True)),
    (IndexBusy, Reaction(logging.INFO, None, message=False)),
    (IndexerGone, Reaction(logging.WARNING, "The command pilotfish.reindex starts it again.", True)),
    (IndexFault, Reaction(logging.WARNING, "It goes on by itself once this is mended.", message=True)),
    (ActionStopped, Reaction(logging.INFO, None, message=False)),
    (InputError, Reaction(logging.INFO, None, message=False)),
    (PilotfishError, Reaction(logging.ERROR, None, message=True)),
)

_OF_EMBEDDINGS: tuple[tuple[type[PilotfishError], Reaction], ...] = (
    # Before all these, where a service was asked for vectors: there nobody waits, and only one is asked.
    (BackendBusy, Reaction(logging.INFO, "It goes on by itself; `embeddings.per_minute` asks less.", False)),
    (NoCredit, Reaction(logging.WARNING, "Name another one in `embeddings.backend`, or `embedded`.", True)),
)


def reaction_to(error: PilotfishError) -> Reaction:
    """The table's row for an error."""
    of_embeddings = isinstance(error, BackendError) and error.named_in == "embeddings.backend"
    rows = (*_OF_EMBEDDINGS, *_TABLE) if of_embeddings else _TABLE
    return next(reaction for kind, reaction in rows if isinstance(error, kind))
