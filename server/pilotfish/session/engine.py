"""The embedded engine at work: loaded in the background, fed with what is open, asked at the cursor."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps, run_steps

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.engine.buffers import Buffers
    from pilotfish.engine.candidate import Candidate
    from pilotfish.index.view import IndexView
    from pilotfish.text.document import Document, Position

log = logging.getLogger(__name__)

MAX_CANDIDATES = 3


class Engine:
    """Feeds the engine's buffers in the background and predicts over them and the index.

    Args:
        view: the index of the workspace as it is now.
    """

    def __init__(self, view: Callable[[], IndexView]) -> None:
        self._view = view
        self._buffers: Buffers | None = None
        self._lexing: dict[str, asyncio.Task[None]] = {}

    async def load(self) -> None:
        """Import what the engine needs, in a thread; until then it has nothing to say."""
        try:
            # numpy takes longer to import than `initialize` may.
            module = await asyncio.to_thread(import_module, "pilotfish.engine.predict")
            assert module
            from pilotfish.engine.buffers import Buffers  # noqa: PLC0415
        except ImportError as error:
            log.error("The embedded engine cannot be loaded: %s", error)
            return
        self._buffers = Buffers()

    def update(self, document: Document, near: Position | None = None) -> None:
        """Lex what is new in a document, from the cursor outwards; a newer version ends the older's work."""
        if self._buffers is not None:
            self._stop(document.uri)
            task = asyncio.ensure_future(run_steps(self._buffers.update(document, near)))
            self._lexing[document.uri] = task
            task.add_done_callback(lambda task: self._lexed(document.uri, task))

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._stop(uri)
        if self._buffers is not None:
            self._buffers.forget(uri)

    def predict(self, request: CompletionRequest) -> Steps[list[Candidate]]:
        """What the engine offers, best first."""
        if self._buffers is None:
            return []
        from pilotfish.engine.predict import predict  # noqa: PLC0415 - loaded by now
        from pilotfish.engine.query import Query  # noqa: PLC0415 - loaded by now

        query = Query(request.document, request.position, request.others, MAX_CANDIDATES, 1)
        return (yield from predict(query, self._buffers, self._view()))

    async def aclose(self) -> None:
        """End what runs."""
        tasks = list(self._lexing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _stop(self, uri: str) -> None:
        task = self._lexing.pop(uri, None)
        if task is not None:
            task.cancel()

    def _lexed(self, uri: str, task: asyncio.Task[None]) -> None:
        if self._lexing.get(uri) is task:
            del self._lexing[uri]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Lexing failed: %s", type(error).__name__)
            log.debug("The traceback:", exc_info=error)
