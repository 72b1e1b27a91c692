"""Which model may do an action, and why none may."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.platform.secrets import is_secret_path

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend

NO_MODEL = (
    "No model is configured that can hold a conversation. "
    "Name one in `actions.backend` (docs/backends.md); the embedded engine only completes."
)
NEVER_SHOWN = "This file looks like a secret, and is never shown to a model."
STAYS_HERE = (
    "This file is ignored by git, or nothing may leave this machine (privacy.local_only), "
    "and only remote models are configured."
)
_REASONS = {NO_MODEL: "no_model", NEVER_SHOWN: "secret_file", STAYS_HERE: "stays_here"}


def why_not(tools: Tools, files: Iterable[Path | None]) -> str:
    """Why no model may see these files, in a sentence for the user; empty where one may."""
    paths = [path for path in files if path is not None]
    if any(map(is_secret_path, paths)):
        return NEVER_SHOWN
    chatting = [model for model in tools.models.values() if model.abilities.chat]
    if not chatting:
        return NO_MODEL
    return "" if any(_may(model, tools, paths) for model in chatting) else STAYS_HERE


def choose(tools: Tools, files: Iterable[Path | None]) -> tuple[str, Backend]:
    """The first model that may see these files, with its name in the settings.

    Raises:
        ActionStopped: there is none.
    """
    paths = [path for path in files if path is not None]
    if said := why_not(tools, paths):
        raise ActionStopped(said, _REASONS[said])
    return next(
        (name, model)
        for name, model in tools.models.items()
        if model.abilities.chat and _may(model, tools, paths)
    )


def _may(model: Backend, tools: Tools, paths: Iterable[Path]) -> bool:
    if not model.is_remote:
        return True
    return not tools.settings.privacy.local_only and not any(map(tools.is_private, paths))
