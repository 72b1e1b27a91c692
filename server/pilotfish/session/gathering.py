"""What a model is shown of other files: gathered from the session's documents, edits and index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Coroutine, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotfish.platform.clock import Clock
from pilotfish.session.background import Background
from pilotfish.session.edits import EditedLines
from pilotfish.text.document import Position

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.context.echoes import Echoes
    from pilotfish.context.held import Regions
    from pilotfish.context.place import Place
    from pilotfish.context.recent_edits import RecentEdit
    from pilotfish.context.snippet import Context
    from pilotfish.context.sources import Known
    from pilotfish.context.windows import WindowsSeen
    from pilotfish.session.embedding import Embedding
    from pilotfish.session.workspace import Workspace
    from pilotfish.settings.model import ContextSettings
    from pilotfish.text.document import Document, Range

AROUND_LINES = 3
"""Lines shown above and below an edit."""

AHEAD_REGIONS, NEXT_REGIONS = 33, 3
"""So many regions nearest to the cursor are asked ahead, and so many whenever a line of theirs changes."""

PAUSE_S = 0.008
"""So long after a question it is asked ahead for the next ones."""

LEARN_S = 2.0
"""So long a document is looked through ahead at most."""


class Gathering:
    """Gathers, and holds what it gave: a prompt that changes is read again as a whole.

    The context of a cursor stays while its line is typed; what was found for the region around it, as long as
    that would be asked the same. The regions near the last cursor are asked ahead, while nobody waits.

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
        self._echoes: tuple[object, Echoes] | None = None
        self._regions: Regions | None = None
        self._learned = ""
        self._last: tuple[CompletionRequest, ContextSettings] | None = None
        self._background = Background()

    async def for_completion(
        self, request: CompletionRequest, limits: ContextSettings, *, ahead: bool = False
    ) -> Context:
        """The context of a cursor: the same as before on the same line, until another member is asked for.

        Args:
            request: what is asked.
            limits: of tokens and time.
            ahead: whether what is around other lines near the cursor may be looked for afterwards.
        """
        from pilotfish.context.place import look_around  # noqa: PLC0415 - see `_known`

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
            self._background.stop()
            self._held = key, await self._gather(place, request.others, request.hidden, limits)
            self._last = (request, limits) if ahead else None
            if ahead:
                self._look_ahead(self._ask_ahead(request, limits))
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
        from pilotfish.context.place import look_around  # noqa: PLC0415 - see `_known`

        return await self._gather(look_around(document, range_), others, hidden, limits)

    def opened(self, document: Document) -> None:
        """A document was opened: it is looked through before somebody asks, once a model was asked before."""
        if self._last is None:
            return
        request, limits = self._last
        others = (each for each in (request.document, *request.others) if each.uri != document.uri)
        hidden = request.hidden | {document.path} if document.path else request.hidden
        there = replace(
            request, document=document, position=Position(0, 0), others=tuple(others), hidden=hidden
        )
        self._look_ahead(self._ask_ahead(there, limits))

    def _look_ahead(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this while nobody waits, in place of what is done ahead now."""
        self._background.stop()
        self._background.run(work)

    async def aclose(self) -> None:
        """Ask nothing ahead any more."""
        await self._background.aclose()

    async def _gather(
        self, place: Place, others: Sequence[Document], hidden: Collection[Path], limits: ContextSettings
    ) -> Context:
        from pilotfish.context.gather import gather  # noqa: PLC0415 - see `_known`
        from pilotfish.context.sources import sources_for  # noqa: PLC0415

        known = self._at(place, await self._known(place.document, others, hidden, limits.max_wait_ms / 1000))
        return await gather(
            sources_for(place, known, without=limits.disabled_sources),
            max_tokens=limits.max_tokens,
            max_wait_ms=limits.max_wait_ms,
            clock=self._clock,
            reorder=self._embedding.reorder(place.region, known.around.likeness),
        )

    async def _ask_ahead(self, request: CompletionRequest, limits: ContextSettings) -> None:
        """Look for what is around the lines that may be next, the nearest first."""
        from pilotfish.context.ahead import ask_ahead, vocabulary, weighed  # noqa: PLC0415 - see `_known`
        from pilotfish.context.place import REGION_LINES, look_around  # noqa: PLC0415
        from pilotfish.context.sources import OF_THE_REGION, sources_for  # noqa: PLC0415

        await asyncio.sleep(PAUSE_S)
        document, here = request.document, request.position.line
        known = await self._known(document, request.others, request.hidden, LEARN_S)
        starts = range(here % REGION_LINES, len(document.lines), REGION_LINES)
        nearest = sorted(starts, key=lambda line: abs(line - here))[:AHEAD_REGIONS]
        for number, line in enumerate(nearest):
            there = look_around(document, Position(line, 0))
            region = self._at(there, known, 1.0 if number < NEXT_REGIONS else None)
            if missing := {*OF_THE_REGION} - region.around.found.keys() - {*limits.disabled_sources}:
                reorder = self._embedding.reorder(there.region, region.around.likeness)
                sources = sources_for(there, region, missing)
                await ask_ahead({**sources, "vectors": weighed(region.around, reorder)})
        if document.uri != self._learned:
            await ask_ahead({"vocabulary": vocabulary(document.lines, here, known.lookup)})
            self._learned = document.uri

    async def _known(
        self, document: Document, others: Sequence[Document], hidden: Collection[Path], seconds: float
    ) -> Known:
        """What there is to look in for so long."""
        # Not before `initialize` is answered: these bring numpy.
        from pilotfish.context.echoes import Echoes  # noqa: PLC0415
        from pilotfish.context.sources import Known, shown_path  # noqa: PLC0415
        from pilotfish.context.windows import WindowsSeen  # noqa: PLC0415

        self._seen = self._seen or WindowsSeen()
        view = self._workspace.view()
        open_files = {other.path for other in others}
        as_on_disk = open_files - await self._unlike_disk(others)
        own = {document.path} if document.path else set()
        hidden = frozenset({*hidden} - as_on_disk | own)
        texts = {each.uri: each for each in others}
        edits = tuple(
            _edit(texts[edit.uri], edit, shown_path(texts[edit.uri], view.roots))
            for edit in self._edits
            if edit.uri in texts
        )
        index = view.generation, view.segments, hidden
        if self._echoes is None or self._echoes[0] != index:
            self._echoes = index, Echoes(view, hidden)
        lookup = self._workspace.lookup(hidden, time.monotonic() + seconds)
        return Known(view, lookup, hidden, others, edits, seen=self._seen, echoes=self._echoes[1])

    def _at(self, place: Place, known: Known, alike: float | None = None) -> Known:
        """The same with what is known of a place."""
        from pilotfish.context.held import ALIKE, Regions  # noqa: PLC0415 - see `_known`
        from pilotfish.context.sources import questions  # noqa: PLC0415

        self._regions = self._regions or Regions()
        around = self._regions.around(place.region, questions(known), alike or ALIKE)
        return replace(known, around=around, likeness=self._embedding.likeness(place))

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
    from pilotfish.context.recent_edits import RecentEdit  # noqa: PLC0415 - see `_known`

    first, last = max(0, edit.first - AROUND_LINES), edit.last + AROUND_LINES + 1
    return RecentEdit(path, first, "".join(document.lines[first:last]))
