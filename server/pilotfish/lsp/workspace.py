"""The workspace's folders, files and settings, as the client tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pilotfish.lsp.errors import RequestError
from pilotfish.lsp.uris import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pilotfish.lsp.server import Server

SECTION = "pilotfish"
MANY_FILES = 1_000
"""Where more have changed at once (a branch was switched), the indexer finds out itself which they are."""


def register(server: Server) -> None:
    """Announce the features of this file."""
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_folders)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_files)


def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """`workspace/didChangeConfiguration`: newer clients are asked, older ones have sent all there is."""
    if _offers_configuration(ls):
        ls.background.run(pull_configuration(ls))
    else:
        ls.session.configure(types.WORKSPACE_DID_CHANGE_CONFIGURATION, params.settings)


def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """`workspace/didChangeWorkspaceFolders`."""
    ls.session.folders_changed(_paths(params.event.added), _paths(params.event.removed))


def did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """`workspace/didChangeWatchedFiles`: made, written or deleted behind the editor's back."""
    if len(params.changes) > MANY_FILES:
        ls.session.rescan()
    else:
        ls.session.files_changed(_paths(params.changes))


async def pull_configuration(ls: Server) -> None:
    """Ask for our section of the settings, where the client can be asked."""
    if not _offers_configuration(ls):
        return
    item = types.ConfigurationItem(section=SECTION)
    try:
        answer = await ls.protocol.ask(types.WORKSPACE_CONFIGURATION, types.ConfigurationParams([item]))
    except RequestError:
        return
    if isinstance(answer, list) and answer:
        ls.session.configure(types.WORKSPACE_CONFIGURATION, answer[0])


async def watch(ls: Server) -> None:
    """Ask to be told of files that change on disk, and of changed settings, where the client lets us."""
    workspace = ls.client.workspace
    registrations = []
    if can_watch(ls):
        everything = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, everything))
    configured = workspace and workspace.did_change_configuration
    if ls.may_register and configured and configured.dynamic_registration:
        section = types.DidChangeConfigurationRegistrationOptions(SECTION)
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        try:
            await ls.protocol.ask(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations))
        except RequestError:
            return


def can_watch(ls: Server) -> bool:
    """Whether the client can tell us of files that change on disk."""
    watched = ls.client.workspace and ls.client.workspace.did_change_watched_files
    return bool(ls.may_register and watched and watched.dynamic_registration)


def _registration(method: str, options: object) -> types.Registration:
    return types.Registration(f"pilotfish:{method}", method, options)


def _offers_configuration(ls: Server) -> bool:
    return bool(ls.client.workspace and ls.client.workspace.configuration)


def _paths(named: Iterable[types.WorkspaceFolder | types.FileEvent]) -> list[Path]:
    return [path for each in named if (path := path_of(each.uri)) is not None]
