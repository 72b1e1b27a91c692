"""Doing the action of a name."""

from __future__ import annotations

from pilotfish.actions.catalogue import EXACT_ACTIONS, model_actions
from pilotfish.actions.exact import Change, exact_change, make_change
from pilotfish.actions.perform import perform
from pilotfish.actions.screen import Screen
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.platform.secrets import is_secret_path


async def run(
    name: str, spot: Spot, tools: Tools, screen: Screen, *, detail: str = "", instruction: str = ""
) -> bool:
    """Do it, to the end; whether a change was seen to be made.

    Raises:
        ActionStopped: it could not be done, or there is no such action.
        BackendError: the model could not answer.
    """
    if any(action.name == name for action in EXACT_ACTIONS):
        return await make_change(await change_of(name, spot, tools, detail), tools, screen, name)
    _check_path(spot)
    of_models = model_actions(tools.settings.actions.custom)
    asked = of_models.get(name)
    if asked is None:
        known = ", ".join((*(action.name for action in EXACT_ACTIONS), *of_models))
        raise ActionStopped(f"There is no action {name[:100]!r}; there are {known}.")
    return await perform(asked, spot, tools, screen, instruction)


async def change_of(name: str, spot: Spot, tools: Tools, detail: str) -> Change:
    """What an action that needs no model would change.

    Raises:
        ActionStopped: there is nothing to change, or no such action.
    """
    _check_path(spot)
    for action in EXACT_ACTIONS:
        if action.name == name:
            return await exact_change(action, spot, tools, detail)
    raise ActionStopped(f"There is no action {name[:100]!r} that needs no model.")


def _check_path(spot: Spot) -> None:
    path = spot.document.path
    if path is not None and is_secret_path(path):
        raise ActionStopped("This file looks like a secret: pilotfish does not edit it.", "secret_file")
