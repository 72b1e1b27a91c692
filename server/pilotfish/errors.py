"""Every error that pilotfish raises on purpose, as one tree.

    PilotfishError              the text is meant for the user: a sentence, with what to do about it
    ├── SettingsFault           one setting that cannot be used; carries its path
    ├── BackendError            a model could not answer (translated from the transport at one seam)
    │   ├── BackendUnavailable  nothing answers there, or not yet
    │   │   ├── BackendBusy     it answers that it has too much to do, or that we ask too often
    │   │   └── BackendResting  we leave it alone for a while, because it failed or asked for it
    │   ├── KeyRefused          the key is missing, wrong, or not allowed to do this
    │   ├── NoCredit            the account behind the key has nothing left
    │   ├── PromptRefused       it will not answer this request, now or later: model, length, parameters
    │   ├── AnswerBroken        what came is not an answer: cut off, too long, not the protocol
    │   ├── ModelUnfit          the model cannot do what it is asked for, by what is known of it
    │   ├── ModelTaken          a code action uses this model of our own machine; completions leave it alone
    │   └── KeyFault            the key of a service cannot be read, stored or used on this machine
    │       └── NoKeyring       this system has no keyring to keep a key in
    ├── IndexFault              the index on disk cannot be read or written; it can be rebuilt
    │   ├── IndexBusy           another process writes this index
    │   ├── IndexerGone         nobody keeps an index up to date until the user asks for it
    │   └── CatalogDamaged      the catalog cannot be used any more and is to be made anew; the rest is well
    ├── ActionStopped           a code action ended without effect; the sentence says why
    │   ├── ActionDeclined      the user wanted it no more, and knows
    │   └── AnswerUnusable      what the model answered cannot be applied to the letter
    ├── InputError              a path, a position or a file that the user named cannot be used
    └── ServerGone              (benchmark) the server under test died, or does not speak the protocol

A library's own exception is translated where the library is called and is not caught above that seam.
"""


class PilotfishError(Exception):
    """Base of all; `str(error)` is a sentence that may be shown to the user."""


class SettingsFault(PilotfishError):
    """A setting that cannot be used.

    Attributes:
        path: where it stands, for example `completion.max_wait_ms`.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class BackendError(PilotfishError):
    """A model backend could not give an answer.

    Attributes:
        may_retry: whether the same request may be answered when it is asked again.
        named_in: the setting that names who was asked; `embeddings.backend` where that was for vectors.
        retry_after_s: for how long the service asked to be left alone, where it said so.
    """

    may_retry = False
    named_in = "backend"

    def __init__(self, text: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class BackendUnavailable(BackendError):
    """The backend cannot be reached now; asking again later may help."""

    may_retry = True


class BackendBusy(BackendUnavailable):
    """The service has too much to do, or counts too many requests of ours."""


class BackendResting(BackendUnavailable):
    """The service is left alone for a while: it failed several times, or asked for it."""


class KeyRefused(BackendError):
    """The service does not accept the key, or there is none."""


class NoCredit(BackendError):
    """The account has no money or quota left; asking again does not help."""


class PromptRefused(BackendError):
    """The service refuses this very request."""


class AnswerBroken(BackendError):
    """What came back is not an answer: cut off, without end, or not what the protocol says."""

    may_retry = True


class ModelUnfit(BackendError):
    """The model cannot do this, by what is known of it; another one must be chosen."""


class ModelTaken(BackendError):
    """A code action uses this model, which runs on this machine: completions do without it meanwhile."""


class KeyFault(BackendError):
    """The key of a model's service cannot be read, stored or used. Never holds the key."""


class NoKeyring(KeyFault):
    """There is no keyring here; an environment variable can hold the key."""


class IndexFault(PilotfishError):
    """The index on disk cannot be read or written."""


class IndexBusy(IndexFault):
    """Another process is writing this index."""


class IndexerGone(IndexFault):
    """Nobody keeps an index up to date any more: its indexer does not start, or ends again and again."""


class CatalogDamaged(IndexFault):
    """The catalog of an index holds what it should not, or was made by another version."""


class ActionStopped(PilotfishError):
    """A code action was given up, and nothing was changed.

    Attributes:
        reason: why, in one word, which may be written down where the sentence may not: it can quote text.
    """

    def __init__(self, text: str, reason: str = "nothing_here") -> None:
        super().__init__(text)
        self.reason = reason


class ActionDeclined(ActionStopped):
    """The user wanted it no more: they know, and nothing is wrong."""


class AnswerUnusable(ActionStopped):
    """What the model answered cannot be applied to the letter, and is not guessed at."""


class InputError(PilotfishError):
    """What the user named (a file, a position, a folder) cannot be used."""


class ServerGone(PilotfishError):
    """The server under test died or does not speak the protocol."""
