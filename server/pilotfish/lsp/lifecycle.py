"""`initialize` to `exit`: what was negotiated, and when the connection is over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from pilotfish.actions.names import COMMAND_PREFIX
from pilotfish.completion.pacing import EDITORS_WAIT_MS
from pilotfish.lsp.commands import COMMANDS
from pilotfish.lsp.completion import wants_menu
from pilotfish.lsp.convert import path_of
from pilotfish.lsp.editor import ProtocolEditor
from pilotfish.lsp.parent import exists, gone
from pilotfish.lsp.protocol import Phase
from pilotfish.lsp.screen import said_of_us
from pilotfish.lsp.workspace import can_watch, pull_configuration, watch
from pilotfish.session.session import Session
from pilotfish.text.positions import Encoding

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server


def register(server: Server) -> None:
    """Announce the features of this file."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.EXIT)(leave)
    server.feature(types.SET_TRACE)(set_trace)


def initialize(ls: Server, params: types.InitializeParams) -> types.InitializeResult:
    """`initialize`: make the session. What takes time waits for `initialized`."""
    ls.encoding = Encoding(ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities))
    ls.client = params.capabilities
    ls.client_name = params.client_info.name if params.client_info else ""
    ls.may_register = params.client_info is not None
    editor = ProtocolEditor(ls.protocol, params.capabilities)
    ls.session = Session(
        editor,
        ls.encoding,
        roots_of(params),
        params.initialization_options,
        watched=can_watch(ls),
        waited_ms=waited_ms(params),
    )
    if params.process_id is not None and exists(params.process_id):
        ls.background.run(_leave_with(ls, params.process_id))
    ls.protocol.phase = Phase.OPEN
    commands = [*COMMANDS, *(COMMAND_PREFIX + name for name in ls.session.actions.names)]
    menu = wants_menu(ls.client, ls.session.settings.completion.menu)
    provided = capabilities(ls.encoding, commands, menu=menu)
    return types.InitializeResult(provided, types.ServerInfo(ls.name, ls.version))


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
    ls.ended.set()


def set_trace(ls: Server, params: types.SetTraceParams) -> None:
    """`$/setTrace`: nothing is traced over the protocol; `pilotfish/trace` tells more."""


def waited_ms(params: types.InitializeParams) -> float:
    """How long the editor waits after a key before it asks: what it says, or what is known of it."""
    said = said_of_us(params.capabilities, "waitsMs")
    if isinstance(said, int | float) and not isinstance(said, bool):
        return max(0.0, float(said))
    return EDITORS_WAIT_MS.get(params.client_info.name.lower(), 0.0) if params.client_info else 0.0


def roots_of(params: types.InitializeParams) -> list[Path]:
    """The workspace's folders, or the older single root."""
    if params.workspace_folders is not None:
        uris = [folder.uri for folder in params.workspace_folders]
    else:
        uris = [params.root_uri] if params.root_uri else []
    paths = [path for uri in uris if (path := path_of(uri)) is not None]
    if not paths and params.root_uri is None and params.root_path:
        paths = [Path(params.root_path)]
    return paths


def capabilities(encoding: Encoding, commands: list[str], *, menu: bool) -> types.ServerCapabilities:
    """What this server does. Inline completion is offered to all: Neovim 0.11 does not say that it can."""
    return types.ServerCapabilities(
        position_encoding=types.PositionEncodingKind(encoding.value),
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True, change=types.TextDocumentSyncKind.Incremental, save=types.SaveOptions()
        ),
        inline_completion_provider=types.InlineCompletionOptions(),
        completion_provider=types.CompletionOptions(trigger_characters=list(". (=")) if menu else None,
        execute_command_provider=types.ExecuteCommandOptions(commands, work_done_progress=True),
        code_action_provider=types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, types.CodeActionKind.Refactor], resolve_provider=True
        ),
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(
                supported=True, change_notifications=True
            )
        ),
    )


async def _leave_with(ls: Server, parent: int) -> None:
    """End the connection once the process that started us has gone without a word."""
    await gone(parent)
    ls.ended.set()
