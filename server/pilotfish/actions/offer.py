"""What a menu lists at a place. No model is asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pilotfish.actions.action import AnswerForm, ModelAction, Scope
from pilotfish.actions.catalogue import EXACT_ACTIONS, model_actions
from pilotfish.actions.models import why_not
from pilotfish.actions.spot import Spot
from pilotfish.actions.testfile import CUSTOMS, is_test_file
from pilotfish.actions.tools import Tools
from pilotfish.platform.secrets import is_secret_path

MAX_PROBLEM_CHARS = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry.

    Attributes:
        action: the action's name.
        title: what the menu says.
        kind: the protocol's.
        detail: which of the action's proposals it is.
        is_preferred: whether it is most likely what the user wants.
        disabled: why it cannot be done, in a sentence; empty where it can.
        is_generated: whether a model does it.
    """

    action: str
    title: str
    kind: str
    detail: str = ""
    is_preferred: bool = False
    disabled: str = ""
    is_generated: bool = False


def offers(spot: Spot, tools: Tools, only: Sequence[str] = (), *, can_ask: bool) -> list[Offer]:
    """What can be done at a place; what needs no model comes first. Blocks for some milliseconds.

    Args:
        spot: where.
        tools: what there is to do it with.
        only: kinds that are wanted, each with all below it; none means all.
        can_ask: whether the user can be asked for an instruction.
    """
    settings = tools.settings.actions
    path = spot.document.path
    if not settings.enabled or (path is not None and is_secret_path(path)):
        return []
    found = [
        Offer(action.name, said.title, action.kind, said.detail, said.is_preferred)
        for action in EXACT_ACTIONS
        if is_wanted(action.kind, only)
        for said in action.find(spot, tools)
    ]
    wanted = [
        action
        for action in model_actions(settings.custom).values()
        if is_wanted(action.kind, only) and (can_ask or not action.needs_instruction)
    ]
    disabled = why_not(tools, [path]) if wanted else ""
    return [*found, *_of_models(spot, wanted, disabled)]


def is_wanted(kind: str, only: Sequence[str]) -> bool:
    """Whether a kind is one of those asked for, or below one."""
    return not only or any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)


def _of_models(spot: Spot, actions: Sequence[ModelAction], disabled: str) -> Iterator[Offer]:
    for action in actions:
        if action.answer is AnswerForm.TESTS and not _can_have_tests(spot):
            continue
        if spot.span(action.scope) is not None:
            title = title_of(action, spot)
            yield Offer(action.name, title, action.kind, disabled=disabled, is_generated=True)


def title_of(action: ModelAction, spot: Spot) -> str:
    """What a menu calls the action here."""
    is_selection = spot.selection.start != spot.selection.end and action.scope is not Scope.DEFINITION
    name = spot.definition.name if spot.definition and not is_selection else "the selection"
    problem = " ".join(spot.diagnostics[0].message.split()) if spot.diagnostics else ""
    if len(problem) > MAX_PROBLEM_CHARS:
        problem = problem[:MAX_PROBLEM_CHARS] + "…"
    return action.title.replace("{name}", name).replace("{problem}", problem)


def _can_have_tests(spot: Spot) -> bool:
    path = spot.document.path
    return (
        path is not None and spot.root is not None and spot.language.id in CUSTOMS and not is_test_file(path)
    )
