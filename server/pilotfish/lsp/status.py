"""Our own requests and notifications: what pilotfish is doing, and why it offered what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pilotfish import __version__
from pilotfish.lsp.errors import INVALID_PARAMS, RequestError, reaction_to

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server
    from pilotfish.session.status import Status

STATUS = "pilotfish/status"
DID_CHANGE_STATUS = "pilotfish/didChangeStatus"
TRACE = "pilotfish/trace"

_DEFAULT_TRACES = 20


def register(server: Server) -> None:
    """Announce the requests of this file."""
    server.feature(STATUS)(status)
    server.feature(TRACE)(trace)


def status(ls: Server, params: Any) -> dict[str, Any]:
    """`pilotfish/status`; params are ignored."""
    del params
    return status_to(ls.session.status)


def trace(ls: Server, params: Any) -> list[dict[str, Any]]:
    """`pilotfish/trace`: the last requests, the newest last.

    Raises:
        RequestError: `last` is not a whole number from 0.
    """
    last = params.get("last", _DEFAULT_TRACES) if isinstance(params, Mapping) else _DEFAULT_TRACES
    if isinstance(last, bool) or not isinstance(last, int) or last < 0:
        raise RequestError(INVALID_PARAMS, f"{TRACE}: last must be a whole number from 0")
    return ls.session.traces.last(last)


def status_to(status: Status) -> dict[str, Any]:
    """The form in docs/protocol.md."""
    problem = None
    if status.problem is not None:
        problem = {"text": str(status.problem), "action": reaction_to(status.problem).action}
    return {
        "version": __version__,
        "backend": status.backend,
        "state": status.state.value,
        "problem": problem,
        "index": {
            "state": status.index.state.value,
            "files": status.index.files,
            "total": status.index.total,
        },
        **({"embeddings": asdict(status.embedding)} if status.embedding else {}),
    }
