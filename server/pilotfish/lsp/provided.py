"""What this server provides, as `initialize` tells it: plain data, so that it can be told at once.

Building lsprotocol's classes takes longer than all else that stands before an answer (`greeting.py`); that
they would say the same is tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pilotfish import __version__
from pilotfish.actions.names import ACTION_NAMES, COMMAND_PREFIX
from pilotfish.lsp.uris import roots_of
from pilotfish.session.configuration import Configuration
from pilotfish.settings.model import Settings
from pilotfish.text.positions import Encoding

COMMAND_NAMES = tuple(
    f"pilotfish.{name}" for name in ("accepted", "pause", "resume", "reindex", "doctor", "explain", "stats")
)
_INCREMENTAL = 2


def provided_to(params: Mapping[str, Any]) -> dict[str, Any]:
    """The result of `initialize` for well-formed params, as they came."""
    folders = params.get("workspaceFolders")
    uris = folders if folders is None else [folder["uri"] for folder in folders]
    roots = roots_of(uris, params.get("rootUri"), params.get("rootPath"))
    settings = Configuration(roots, params.get("initializationOptions")).settings
    client = params["capabilities"]
    offered = (client.get("general") or {}).get("positionEncodings")
    has_ghost_text = (client.get("textDocument") or {}).get("inlineCompletion") is not None
    return provided(encoding_of(offered), settings, has_ghost_text=has_ghost_text)


def wants_menu(menu: str, *, has_ghost_text: bool) -> bool:
    """Whether to offer completions in the ordinary menu: to editors without ghost text, unless asked."""
    return menu == "on" or (menu == "auto" and not has_ghost_text)


def encoding_of(offered: Iterable[str] | None) -> Encoding:
    """The client's favourite among the units that we can count columns in, else the protocol's own."""
    known = {encoding.value: encoding for encoding in Encoding}
    return next((known[name] for name in offered or () if name in known), Encoding.UTF16)


def provided(encoding: Encoding, settings: Settings, *, has_ghost_text: bool) -> dict[str, Any]:
    """The result of `initialize`. Ghost text is offered to all: Neovim 0.11 does not say that it can."""
    actions = dict.fromkeys((*ACTION_NAMES, *settings.actions.custom))
    capabilities: dict[str, Any] = {
        "positionEncoding": encoding.value,
        "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": {}},
        "codeActionProvider": {"codeActionKinds": ["quickfix", "refactor"], "resolveProvider": True},
        "executeCommandProvider": {
            "commands": [*COMMAND_NAMES, *(COMMAND_PREFIX + name for name in actions)],
            "workDoneProgress": True,
        },
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        "inlineCompletionProvider": {},
    }
    if wants_menu(settings.completion.menu, has_ghost_text=has_ghost_text):
        capabilities["completionProvider"] = {"triggerCharacters": list(". (=")}
    return {"capabilities": capabilities, "serverInfo": {"name": "pilotfish", "version": __version__}}
