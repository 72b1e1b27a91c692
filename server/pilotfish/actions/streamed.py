"""Applying an answer as it comes: whole hunks, each as soon as it is sure; and taking them back."""

from __future__ import annotations

from contextlib import suppress
from difflib import SequenceMatcher

from pilotfish.actions.answer import SEARCH, code_so_far, new_text, reindented
from pilotfish.actions.apply import replace_target
from pilotfish.actions.screen import Screen
from pilotfish.actions.target import Target
from pilotfish.errors import ActionStopped

SURE_LINES = 2
"""So many equal lines after a difference make it a hunk of its own."""


def text_so_far(answer: str, old: str) -> str:
    """The old text with those hunks of an unfinished answer that are sure; the rest is as it was."""
    plain = old.replace("\r\n", "\n")
    if SEARCH in answer:
        closed = answer[: answer.rfind(">>>>>>> REPLACE") + len(">>>>>>> REPLACE")]
        try:
            made = new_text(closed, plain, "") if ">>>>>>> REPLACE" in answer else plain
        except ActionStopped:
            made = plain
    else:
        made = _sure(plain, reindented(code_so_far(answer), plain))
    return made.replace("\n", "\r\n") if "\r\n" in old else made


def _sure(old: str, new: str) -> str:
    """Everything up to the last run of equal lines that is long enough; nothing behind it is known yet."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    blocks = SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_matching_blocks()
    runs = [block for block in blocks if block.size >= SURE_LINES]
    if not runs:
        return old
    last = runs[-1]
    return "".join(new_lines[: last.b + last.size]) + "".join(old_lines[last.a + last.size :])


class Streamed:
    """The hunks of one answer in the document."""

    def __init__(self, target: Target, screen: Screen, label: str) -> None:
        self._target = target
        self._screen = screen
        self._label = label
        self._old = target.text
        self._made = target.text

    async def feed(self, answer: str) -> None:
        """The answer has come so far.

        Raises:
            ActionStopped: the hunk cannot be applied.
        """
        made = text_so_far(answer, self._old)
        if made != self._made:
            await replace_target(self._target, made, self._screen, self._label)
            self._made = made

    async def take_back(self) -> None:
        """Put the old text back, unless the user has edited in it: then it is the user's."""
        if self._made != self._old and not self._target.is_touched:
            with suppress(ActionStopped):
                await replace_target(self._target, self._old, self._screen, self._label)
