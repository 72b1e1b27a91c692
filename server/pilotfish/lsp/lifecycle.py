"""`initialize` to `exit`: what was negotiated, and when the connection is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.completion.pacing import EDITORS_WAIT_MS
from pilotfish.lsp.completion import has_ghost_text
from pilotfish.lsp.editor import ProtocolEditor
from pilotfish.lsp.parent import exists, gone
from pilotfish.lsp.protocol import Phase
from pilotfish.lsp.provided import encoding_of, provided
from pilotfish.lsp.screen import said_of_us
from pilotfish.lsp.uris import roots_of
from pilotfish.lsp.workspace import can_watch, pull_configuration, watch
from pilotfish.session.session import Session

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server


def register(server: Server) -> None:
    """Announce the features of this file."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.EXIT)(leave)
    server.feature(types.SET_TRACE)(set_trace)


def initialize(ls: Server, params: types.InitializeParams) -> dict[str, Any]:
    """`initialize`: make the session. What takes time waits for `initialized`."""
    general, folders = params.capabilities.general, params.workspace_folders
    uris = None if folders is None else [folder.uri for folder in folders]
    ls.encoding = encoding_of(general.position_encodings if general else None)
    ls.client = params.capabilities
    ls.client_name = params.client_info.name if params.client_info else ""
    ls.may_register = params.client_info is not None
    editor = ProtocolEditor(ls.protocol, params.capabilities)
    ls.session = Session(
        editor,
        ls.encoding,
        roots_of(uris, params.root_uri, params.root_path),
        params.initialization_options,
        watched=can_watch(ls),
        waited_ms=waited_ms(params),
    )
    if params.process_id is not None and exists(params.process_id):
        ls.background.run(_leave_with(ls, params.process_id))
    ls.protocol.phase = Phase.OPEN
    return provided(ls.encoding, ls.session.settings, has_ghost_text=has_ghost_text(ls.client))


def initialized(ls: Server, params: types.InitializedParams) -> None:
    """`initialized`: from now on the client may be asked and told things."""
    del params
    ls.session.start()
    ls.background.run(pull_configuration(ls))
    ls.background.run(watch(ls))


def shutdown(ls: Server, params: None) -> None:
    """`shutdown`: everything that is still being answered is cancelled; only `exit` is listened to."""
    del params
    ls.protocol.cancel_all()
    ls.protocol.phase = Phase.SHUT_DOWN


def leave(ls: Server, params: None) -> None:
    """`exit`."""
    del params
    ls.protocol.ended.set()


def set_trace(ls: Server, params: types.SetTraceParams) -> None:
    """`$/setTrace`: nothing is traced over the protocol; `pilotfish/trace` tells more."""


def waited_ms(params: types.InitializeParams) -> float:
    """How long the editor waits after a key before it asks: what it says, or what is known of it."""
    said = said_of_us(params.capabilities, "waitsMs")
    if isinstance(said, int | float) and not isinstance(said, bool):
        return max(0.0, float(said))
    return EDITORS_WAIT_MS.get(params.client_info.name.lower(), 0.0) if params.client_info else 0.0


async def _leave_with(ls: Server, parent: int) -> None:
    """End the connection once the process that started us has gone without a word."""
    await gone(parent)
    ls.protocol.ended.set()
