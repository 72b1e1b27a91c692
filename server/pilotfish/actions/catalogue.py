"""All actions, in the order in which menus show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pilotfish.actions.action import AnswerForm, ModelAction, Scope
from pilotfish.actions.complete_here import COMPLETE_HERE
from pilotfish.actions.doc_skeleton import DOC_SKELETON
from pilotfish.actions.document import DOCUMENT
from pilotfish.actions.exact import ExactAction
from pilotfish.actions.explain import EXPLAIN
from pilotfish.actions.fix import FIX
from pilotfish.actions.implement import IMPLEMENT
from pilotfish.actions.instruct import EDIT
from pilotfish.actions.missing_import import MISSING_IMPORT
from pilotfish.actions.simplify import SIMPLIFY
from pilotfish.actions.stubs import STUBS
from pilotfish.actions.test_skeleton import TEST_SKELETON
from pilotfish.actions.write_tests import WRITE_TESTS

if TYPE_CHECKING:
    from pilotfish.settings.actions import CustomAction

EXACT_ACTIONS: tuple[ExactAction, ...] = (
    MISSING_IMPORT,
    STUBS,
    COMPLETE_HERE,
    DOC_SKELETON,
    TEST_SKELETON,
)
MODEL_ACTIONS = (FIX, IMPLEMENT, SIMPLIFY, DOCUMENT, WRITE_TESTS, EDIT, EXPLAIN)
_NAME = re.compile(r"[A-Za-z][\w-]{0,39}")


def model_actions(custom: Mapping[str, CustomAction]) -> dict[str, ModelAction]:
    """By name; the user's own come last, and may take the place of ours."""
    actions = {action.name: action for action in MODEL_ACTIONS}
    for name, said in custom.items():
        if _NAME.fullmatch(name) and said.task.strip():
            actions[name] = ModelAction(
                name=name,
                title=said.title or name,
                kind=said.kind,
                scope=Scope(said.scope),
                task=said.task,
                answer=AnswerForm(said.answer),
                context=said.context,
            )
    return actions
