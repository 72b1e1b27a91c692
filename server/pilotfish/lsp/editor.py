"""The session's `Editor` in the protocol's words: messages, status, and progress of the indexing."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.lsp.errors import reaction_to
from pilotfish.lsp.status import DID_CHANGE_STATUS, status_to
from pilotfish.session.status import IndexState, IndexStatus, Status

if TYPE_CHECKING:
    from pilotfish.errors import PilotfishError
    from pilotfish.lsp.protocol import Protocol

log = logging.getLogger(__name__)


class ProtocolEditor:
    """Says things to one client."""

    def __init__(self, protocol: Protocol, client: types.ClientCapabilities) -> None:
        self._protocol = protocol
        self._messages_shown: set[type[PilotfishError]] = set()
        shows_progress = bool(client.window and client.window.work_done_progress)
        self._progress = Progress(protocol) if shows_progress else None

    def report(self, error: PilotfishError) -> None:
        """Log it; the first of a kind is also shown, if the table says so."""
        reaction = reaction_to(error)
        log.log(reaction.level, "%s", error)
        if reaction.message and type(error) not in self._messages_shown:
            self._messages_shown.add(type(error))
            action = f" {reaction.action}" if reaction.action else ""
            text = f"pilotfish: {str(error).removesuffix('.')}.{action}"
            message = types.ShowMessageParams(types.MessageType.Warning, text)
            self._protocol.notify(types.WINDOW_SHOW_MESSAGE, message)

    def show_status(self, status: Status) -> None:
        """Tell the client, and show progress while the index is being built."""
        self._protocol.notify(DID_CHANGE_STATUS, status_to(status))
        if self._progress is not None:
            self._progress.show(status.index)


class Progress:
    """A progress bar of the client, from the first file to the last; each time of building has its own."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._tokens = itertools.count(1)
        self._token: str | None = None
        self._is_open = False
        self._index = IndexStatus()

    def show(self, index: IndexStatus) -> None:
        """The index is now this far."""
        self._index = index
        is_building = index.state is IndexState.BUILDING
        if is_building and index.total and self._token is None:
            self._token = f"pilotfish/index/{next(self._tokens)}"
            asked = self._protocol.ask(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(self._token)
            )
            asked.add_done_callback(self._created)
        elif is_building and self._is_open:
            done, text = _share(index)
            self._say(types.WorkDoneProgressReport(message=text, percentage=done))
        elif self._is_open:
            self._end()

    def _created(self, asked: asyncio.Future[Any]) -> None:
        if asked.cancelled() or asked.exception() is not None:
            return  # The client wants none: the token stays, so that it is not asked again.
        self._is_open = True
        done, text = _share(self._index)
        self._say(types.WorkDoneProgressBegin("Indexing", message=text, percentage=done, cancellable=False))
        if self._index.state is not IndexState.BUILDING:
            self._end()

    def _end(self) -> None:
        self._say(types.WorkDoneProgressEnd())
        self._token, self._is_open = None, False

    def _say(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        assert self._token is not None
        self._protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))


def _share(index: IndexStatus) -> tuple[int, str]:
    """Per cent, and in words."""
    return 100 * min(index.files, index.total) // max(index.total, 1), f"{index.files} of {index.total} files"
