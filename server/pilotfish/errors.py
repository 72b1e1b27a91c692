"""Every error that pilotfish raises on purpose, as one tree.

    PilotfishError              the text is meant for the user: a sentence, with what to do about it
    ├── SettingsFault           one setting that cannot be used; carries its path
    ├── BackendError            a model could not answer (translated from the transport at one seam)
    │   └── BackendUnavailable  nothing answers there, or not yet
    ├── IndexFault              the index on disk cannot be read or written; it can be rebuilt
    │   └── IndexBusy           another process writes this index
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
    """A model backend could not give an answer."""


class BackendUnavailable(BackendError):
    """The backend cannot be reached now; asking again later may help."""


class IndexFault(PilotfishError):
    """The index on disk cannot be read or written."""


class IndexBusy(IndexFault):
    """Another process is writing this index."""


class InputError(PilotfishError):
    """What the user named (a file, a position, a folder) cannot be used."""


class ServerGone(PilotfishError):
    """The server under test died or does not speak the protocol."""
