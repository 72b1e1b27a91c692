"""The embedded engine at work: loaded in the background, fed with what is open, asked at the cursor."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from pilotfish.errors import IndexFault
from pilotfish.index.mapped import MappedPages
from pilotfish.platform.secrets import is_secret_path
from pilotfish.platform.steps import Steps, beside
from pilotfish.session.background import Background

if TYPE_CHECKING:
    from pathlib import Path

    from pilotfish.completion.request import CompletionRequest
    from pilotfish.engine.buffers import Buffers
    from pilotfish.engine.candidate import Candidate
    from pilotfish.engine.scene import Recent
    from pilotfish.index.view import IndexView
    from pilotfish.text.document import Document

log = logging.getLogger(__name__)

MAX_CANDIDATES = 3
RELEASE_AFTER_S = 1.0
"""So long after the last question, the pages of the index that were read are given back."""

_LOADED = (
    "pilotfish.engine.predict",
    "pilotfish.completion.pipeline",
    "pilotfish.platform.redact",
    "pilotfish.platform.ignore_patterns",
    "pilotfish.platform.ignore",
    "pilotfish.platform.tracked",
)
"""What questions need: `redact`, whose expressions take 4 ms to make, only for answers with a digit. The last
three, which take 14 ms, are wanted a moment after a document was opened, when the first questions come."""

AT_ONCE_S = 0.004
"""So long what was opened or edited is read before the next message is: who asks in one breath needs it."""


class Engine:
    """Feeds the engine's buffers in the background and predicts over them and the index.

    Args:
        view: the index of the workspace as it is now.
        on_fault: called once a generation if the index turns out to be damaged while it is read.
    """

    def __init__(self, view: Callable[[], IndexView], on_fault: Callable[[IndexFault], None]) -> None:
        self._view = view
        self._on_fault = on_fault
        self._damaged = -1
        self._visible: tuple[object, IndexView] | None = None
        self._buffers: Buffers | None = None
        self._recent: Recent | None = None
        self._background = Background()
        self._lexing: dict[str, asyncio.Task[None]] = {}
        self._asked = 0
        self._unasked = asyncio.Event()
        self._unasked.set()
        self._release: asyncio.TimerHandle | None = None
        self._mapped = MappedPages()

    async def load(self) -> bool:
        """Import what the engine needs, in a thread; until then it has nothing to say; False if it cannot."""
        try:
            # numpy takes longer to import than `initialize` may; the pipeline can wait as well.
            for name in _LOADED:
                await asyncio.to_thread(import_module, name)
            from pilotfish.engine.buffers import Buffers  # noqa: PLC0415
            from pilotfish.engine.rehearse import rehearse  # noqa: PLC0415
            from pilotfish.engine.scene import Recent  # noqa: PLC0415

            await asyncio.to_thread(rehearse)
        except ImportError as error:
            log.error("The embedded engine cannot be loaded: %s", error)
            return False
        self._buffers, self._recent = Buffers(), Recent()
        return True

    def update(self, document: Document, max_lines: int, *, at_once_s: float = AT_ONCE_S) -> None:
        """Lex what is new in a document; a newer version ends the older's work.

        For a moment that is done at once, then in the background. A secret file is not even looked at: its
        words must not turn up in another one. Where a document is longer than `max_lines` nothing is offered
        in it, and it would only take time and room.
        """
        if len(document.lines) > max_lines:
            self.forget(document.uri)
            return
        is_secret = document.path is not None and is_secret_path(document.path)
        if self._buffers is not None and not is_secret:
            self._stop(document.uri)
            steps = self._buffers.update(document)
            if not _ended(steps, at_once_s):
                self._lexing[document.uri] = self._background.run(self._read(steps))

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._stop(uri)
        if self._buffers is not None and self._recent is not None:
            self._buffers.forget(uri)
            self._recent.forget()

    def predict(
        self, request: CompletionRequest, max_lines: int, least: float = 0.0
    ) -> Steps[list[Candidate]]:
        """What the engine offers, best first; over the open documents alone while the index is damaged."""
        if self._buffers is None:
            return []
        from pilotfish.engine.predict import predict  # noqa: PLC0415 - loaded by now
        from pilotfish.engine.query import Query  # noqa: PLC0415 - loaded by now
        from pilotfish.index.view import IndexView  # noqa: PLC0415 - loaded by now

        query = Query(request.document, request.position, request.others, MAX_CANDIDATES, max_lines, least)
        # Of what else is open the engine itself hides what the index has otherwise.
        view = self._without(self._view(), request.hidden - {other.path for other in request.others})
        if view.generation == self._damaged:
            view = IndexView()
        self._release_later(view)
        self._asked += 1
        self._unasked.clear()
        try:
            steps = predict(query, self._buffers, view, self._recent)
            return (yield from beside(steps, lambda: self._mapped.bound(view)))
        except IndexFault as fault:
            self._damaged = view.generation
            self._on_fault(fault)
            return (yield from predict(query, self._buffers, IndexView()))
        finally:
            self._asked -= 1
            if not self._asked:
                self._unasked.set()

    async def aclose(self) -> None:
        """End what runs."""
        if self._release is not None:
            self._release.cancel()
        await self._background.aclose()

    def _without(self, view: IndexView, files: frozenset[Path]) -> IndexView:
        """The index without these files; most questions ask for the same as the one before."""
        from pilotfish.index.hidden import without  # noqa: PLC0415 - loaded by now

        asked = view.generation, view.segments, files
        if self._visible is None or self._visible[0] != asked:
            self._visible = asked, without(view, files)
        return self._visible[1]

    async def _read(self, steps: Steps[None]) -> None:
        """Lex step by step. Questions go first: a step of ours between two of theirs would slow them down."""
        try:
            for _ in steps:
                await asyncio.sleep(0)
                await self._unasked.wait()
        finally:
            steps.close()

    def _release_later(self, view: IndexView) -> None:
        """Let go of the index once nobody has asked for a while."""
        if self._release is not None:
            self._release.cancel()
        self._release = asyncio.get_running_loop().call_later(RELEASE_AFTER_S, self._let_go, view)

    def _let_go(self, view: IndexView) -> None:
        if self._recent is not None:
            self._recent.rest()
        self._mapped.release(view)

    def _stop(self, uri: str) -> None:
        task = self._lexing.pop(uri, None)
        if task is not None:
            task.cancel()


def _ended(steps: Steps[None], within_s: float) -> bool:
    """Go on for so long, but one step at least; whether that was all."""
    end_s = time.monotonic() + within_s
    return all(time.monotonic() < end_s for _ in steps)
