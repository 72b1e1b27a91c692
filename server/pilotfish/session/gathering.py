"""What a model is shown of other files: gathered from the session's documents, edits and index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.platform.clock import Clock
from pilotfish.session.edits import EditedLines

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.context.place import Place
    from pilotfish.context.recent_edits import RecentEdit
    from pilotfish.context.snippet import Context
    from pilotfish.context.windows import WindowsSeen
    from pilotfish.session.embedding import Embedding
    from pilotfish.session.workspace import Workspace
    from pilotfish.settings.model import ContextSettings
    from pilotfish.text.document import Document, Range

AROUND_LINES = 3
"""Lines shown above and below an edit."""


class Gathering:
    """Gathers, and holds what it gave for the cursor's line: a prompt that changes is read again as a whole.

    Args:
        workspace: the index.
        edits: where the user edited lately, the newest first.
        embedding: by which what was found is put in order.
    """

    def __init__(
        self,
        workspace: Workspace,
        edits: Iterable[EditedLines],
        clock: Clock,
        embedding: Embedding,
    ) -> None:
        self._workspace = workspace
        self._edits = edits
        self._clock = clock
        self._embedding = embedding
        self._held: tuple[object, Context] | None = None
        self._compared: dict[str, tuple[int, bool]] = {}
        self._seen: WindowsSeen | None = None

    async def for_completion(self, request: CompletionRequest, limits: ContextSettings) -> Context:
        """The context of a cursor: the same as before on the same line, until another member is asked for."""
        from pilotfish.context.place import look_around  # noqa: PLC0415 - see `_gather`

        place = look_around(request.document, request.position)
        key = (
            request.document.uri,
            place.start.line,
            place.receiver,
            self._workspace.view().generation,
            request.hidden,
            limits,
        )
        if self._held is None or self._held[0] != key:
            self._held = key, await self._gather(place, request.others, request.hidden, limits)
        return self._held[1]

    async def for_range(
        self,
        document: Document,
        range_: Range,
        others: Sequence[Document],
        hidden: Collection[Path],
        limits: ContextSettings,
    ) -> Context:
        """The context of a range, for an action: what its names are, and code like it."""
        from pilotfish.context.place import look_around  # noqa: PLC0415 - see `_gather`

        return await self._gather(look_around(document, range_), others, hidden, limits)

    async def _gather(
        self, place: Place, others: Sequence[Document], hidden: Collection[Path], limits: ContextSettings
    ) -> Context:
        # Not before `initialize` is answered: these bring numpy.
        from pilotfish.context.gather import gather  # noqa: PLC0415
        from pilotfish.context.sources import Known, shown_path, sources_for  # noqa: PLC0415
        from pilotfish.context.windows import WindowsSeen  # noqa: PLC0415

        self._seen = self._seen or WindowsSeen()
        view = self._workspace.view()
        open_files = {other.path for other in others}
        as_on_disk = open_files - await self._unlike_disk(others)
        hidden = {*hidden} - as_on_disk | ({place.document.path} if place.document.path else set())
        texts = {each.uri: each for each in others}
        edits = [
            _edit(texts[edit.uri], edit, shown_path(texts[edit.uri], view.roots))
            for edit in self._edits
            if edit.uri in texts
        ]
        deadline_s = time.monotonic() + limits.max_wait_ms / 1000
        lookup = self._workspace.lookup(hidden, deadline_s)
        known = Known(view, lookup, hidden, others, edits, self._embedding.likeness(place), self._seen)
        return await gather(
            sources_for(place, known, without=limits.disabled_sources),
            max_tokens=limits.max_tokens,
            max_wait_ms=limits.max_wait_ms,
            clock=self._clock,
            reorder=self._embedding.reorder(place),
        )

    async def _unlike_disk(self, documents: Sequence[Document]) -> set[Path]:
        """The files of the documents that hold another text: for these the document counts, not the index."""
        unknown = [each for each in documents if self._known_version(each) != each.version]
        if unknown:
            found = await asyncio.to_thread(lambda: [_differs(each) for each in unknown])
            for document, differs in zip(unknown, found, strict=True):
                self._compared[document.uri] = document.version, differs
        return {each.path for each in documents if each.path is not None and self._compared[each.uri][1]}

    def _known_version(self, document: Document) -> int | None:
        return self._compared.get(document.uri, (None, True))[0]


def _differs(document: Document) -> bool:
    try:
        text = document.path.read_bytes().decode() if document.path else ""
    except (OSError, UnicodeDecodeError):
        return True
    return text.removeprefix("\ufeff") != document.text


def _edit(document: Document, edit: EditedLines, path: str) -> RecentEdit:
    from pilotfish.context.recent_edits import RecentEdit  # noqa: PLC0415 - see `_gather`

    first, last = max(0, edit.first - AROUND_LINES), edit.last + AROUND_LINES + 1
    return RecentEdit(path, first, "".join(document.lines[first:last]))
