"""Telling the editor what is wrong, each thing once, and what the status is, whenever it has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotfish.errors import PilotfishError
    from pilotfish.session.editor import Editor
    from pilotfish.session.status import Status


class Reporter:
    """Remembers what the editor has been told, and what is wrong at the moment.

    Args:
        editor: who is told.
        status: the status at this moment.
    """

    def __init__(self, editor: Editor, status: Callable[[], Status]) -> None:
        self._editor = editor
        self._status = status
        self._problems: dict[str, PilotfishError] = {}
        self._reported: set[str] = set()
        self._shown: Status | None = None

    @property
    def problem(self) -> PilotfishError | None:
        """What is wrong, the oldest trouble first."""
        return next(iter(self._problems.values()), None)

    def report(self, error: PilotfishError) -> None:
        """Something was wrong once. Each sentence is told once in a session."""
        if str(error) not in self._reported:
            self._reported.add(str(error))
            self._editor.report(error)

    def note(self, area: str, error: PilotfishError) -> None:
        """Something is wrong from now on, until `mended`."""
        self._problems[area] = error
        self.report(error)
        self.show_status()

    def mended(self, area: str) -> None:
        """Nothing is wrong in this area any more."""
        if self._problems.pop(area, None) is not None:
            self.show_status()

    def show_status(self) -> None:
        """Tell the status if it is another one than was told last."""
        status = self._status()
        if status != self._shown:
            self._shown = status
            self._editor.show_status(status)
