"""Where real clients differ from the protocol: their params are mended before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

# What is read of the client's capabilities. The rest is left out before it is structured: a client newer than
# lsprotocol may list values that it does not know, and `initialize` must not fail (or take longer) for these.
_CAPABILITIES: dict[str, tuple[str, ...]] = {
    "general": ("positionEncodings",),
    "window": ("workDoneProgress", "showDocument"),
    "workspace": (
        "configuration",
        "workspaceFolders",
        "didChangeConfiguration",
        "didChangeWatchedFiles",
        "applyEdit",
        "workspaceEdit",
    ),
    "textDocument": ("synchronization", "inlineCompletion", "codeAction"),
}
# Of these, only what is read, and only values that lsprotocol knows.
_RESOURCE_OPERATIONS = ("create", "rename", "delete")
_READ_OF_EDITS = ("documentChanges", "resourceOperations")
_READ_OF_ACTIONS = ("isPreferredSupport", "disabledSupport", "dataSupport", "resolveSupport")


class Quirks:
    """What has been learnt of this connection's client."""

    def __init__(self) -> None:
        self._counts_triggers_from_zero = False

    def mend(self, method: str, params: Any) -> Any:
        """The params as the protocol wants them; what is malformed is left for others to refuse."""
        if not isinstance(params, Mapping):
            return params
        if method == types.INITIALIZE:
            return self._initialize(params)
        if method == types.TEXT_DOCUMENT_INLINE_COMPLETION:
            return self._inline_completion(params)
        return params

    def _initialize(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        capabilities = params.get("capabilities")
        if not isinstance(capabilities, Mapping):
            return params
        kept: dict[str, Any] = {}
        for area, names in _CAPABILITIES.items():
            given = capabilities.get(area)
            if isinstance(given, Mapping):
                kept[area] = {name: _known(name, given[name]) for name in names if name in given}
        if "experimental" in capabilities:
            kept["experimental"] = capabilities["experimental"]
        return {**params, "capabilities": kept}

    def _inline_completion(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """vscode-languageclient 9 counts trigger kinds from 0 (invoked), the protocol from 1.

        Nothing in `initialize` tells its version, so the first 0 does.
        """
        context = params.get("context")
        if not isinstance(context, Mapping):
            return params
        kind = context.get("triggerKind")
        if kind not in (0, 1) or isinstance(kind, bool):
            return params
        self._counts_triggers_from_zero |= kind == 0
        if not self._counts_triggers_from_zero:
            return params
        return {**params, "context": {**context, "triggerKind": kind + 1}}


def _known(name: str, ability: Any) -> Any:
    """What is read of an ability, without values that lsprotocol does not know."""
    if not isinstance(ability, Mapping):
        return ability
    if name == "workspaceEdit":
        kept = {key: ability[key] for key in _READ_OF_EDITS if key in ability}
        if isinstance(said := kept.get("resourceOperations"), list):
            kept["resourceOperations"] = [kind for kind in said if kind in _RESOURCE_OPERATIONS]
        return kept
    if name == "codeAction":
        kept = {key: ability[key] for key in _READ_OF_ACTIONS if key in ability}
        if ability.get("codeActionLiteralSupport"):
            kept["codeActionLiteralSupport"] = {"codeActionKind": {"valueSet": []}}
        tags = ability.get("tagSupport")
        if isinstance(tags, Mapping) and types.CodeActionTag.LlmGenerated.value in tags.get("valueSet", ()):
            kept["tagSupport"] = {"valueSet": [types.CodeActionTag.LlmGenerated.value]}
        return kept
    return ability
