"""What a model is shown of other files: gathered from the session's documents, edits and index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Coroutine, Hashable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotfish.platform.clock import Clock
from pilotfish.session.background import Background
from pilotfish.session.edits import EditedLines
from pilotfish.text.document import Position

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.context.echoes import Echoes
    from pilotfish.context.place import Place
    from pilotfish.context.recent_edits import RecentEdit
    from pilotfish.context.snippet import Context
    from pilotfish.context.sources import Around, Known
    from pilotfish.context.windows import WindowsSeen
    from pilotfish.session.embedding import Embedding
    from pilotfish.session.workspace import Workspace
    from pilotfish.settings.model import ContextSettings
    from pilotfish.text.document import Document, Range

AROUND_LINES = 3
"""Lines shown above and below an edit."""

ALIKE = 0.85
"""What was found for a region still counts while so many of the lines in and around it are the same; it is
looked for again once nobody waits."""

AHEAD_REGIONS = 4
"""So many regions on both sides of the cursor's are asked ahead."""

PAUSE_S = 0.02
"""So long after a question it is asked ahead for the next ones."""

LEARN_S = 2.0
"""So long the names of a document are looked up at most."""

_MOST_REGIONS = 64


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
        self._regions: dict[Hashable, tuple[object, frozenset[str], Around]] = {}
        self._learned = ""
        self._may_ask_ahead = False  # Not before a model is asked for something.
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
            self._may_ask_ahead = ahead
            if ahead:
                self._look_ahead(self._ask_ahead(place, request, limits))
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
        """A document was opened: its names are looked up before somebody asks."""
        if self._may_ask_ahead:
            self._look_ahead(self._learn(document, 0))

    def _look_ahead(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this while nobody waits, in place of what is done ahead now."""
        self._background.stop()
        self._background.run(work)

    async def _learn(self, document: Document, line: int) -> None:
        from pilotfish.context.ahead import ask_ahead, vocabulary  # noqa: PLC0415 - see `_known`

        lookup = self._workspace.lookup(frozenset(), time.monotonic() + LEARN_S)
        await ask_ahead({"vocabulary": vocabulary(document.lines, line, lookup)})
        self._learned = document.uri

    async def aclose(self) -> None:
        """Ask nothing ahead any more."""
        await self._background.aclose()

    async def _gather(
        self, place: Place, others: Sequence[Document], hidden: Collection[Path], limits: ContextSettings
    ) -> Context:
        from pilotfish.context.gather import gather  # noqa: PLC0415 - see `_known`
        from pilotfish.context.sources import sources_for  # noqa: PLC0415

        known = await self._known(place, others, hidden, limits)
        return await gather(
            sources_for(place, known, without=limits.disabled_sources),
            max_tokens=limits.max_tokens,
            max_wait_ms=limits.max_wait_ms,
            clock=self._clock,
            reorder=self._embedding.reorder(place),
        )

    async def _ask_ahead(self, place: Place, request: CompletionRequest, limits: ContextSettings) -> None:
        """Look for what is around the lines that may be next, the nearest first."""
        from pilotfish.context.ahead import ask_ahead  # noqa: PLC0415 - see `_known`
        from pilotfish.context.place import REGION_LINES, look_around  # noqa: PLC0415
        from pilotfish.context.sources import OF_THE_REGION, sources_for  # noqa: PLC0415

        await asyncio.sleep(PAUSE_S)
        if request.document.uri != self._learned:
            await self._learn(request.document, place.start.line)
        reach = AHEAD_REGIONS * REGION_LINES
        lines = range(place.start.line - reach, place.start.line + reach + 1, REGION_LINES)
        for line in sorted(lines, key=lambda line: abs(line - place.start.line)):
            if 0 <= line < len(place.document.lines):
                there = look_around(place.document, Position(line, 0))
                known = await self._known(there, request.others, request.hidden, limits, alike=1.0)
                missing = {*OF_THE_REGION} - known.around.keys()
                await ask_ahead(sources_for(there, known, missing, without=limits.disabled_sources))

    async def _known(
        self,
        place: Place,
        others: Sequence[Document],
        hidden: Collection[Path],
        limits: ContextSettings,
        alike: float = ALIKE,
    ) -> Known:
        """What there is to look in; what was found for a region whose lines are as `alike` still counts."""
        # Not before `initialize` is answered: these bring numpy.
        from pilotfish.context.echoes import Echoes  # noqa: PLC0415
        from pilotfish.context.sources import Known, shown_path  # noqa: PLC0415
        from pilotfish.context.windows import WindowsSeen  # noqa: PLC0415

        self._seen = self._seen or WindowsSeen()
        view = self._workspace.view()
        open_files = {other.path for other in others}
        as_on_disk = open_files - await self._unlike_disk(others)
        own = {place.document.path} if place.document.path else set()
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
        versions = tuple((each.uri, each.version) for each in others)
        around = self._around(place.region, (versions, edits, index), alike)
        lookup = self._workspace.lookup(hidden, time.monotonic() + limits.max_wait_ms / 1000)
        likeness = self._embedding.likeness(place)
        return Known(view, lookup, hidden, others, edits, likeness, self._seen, around, self._echoes[1])

    def _around(self, region: Place, world: object, alike: float) -> Around:
        """What was found for a region if its lines are nearly the same, and everything else just the same."""
        name, lines = (region.document.uri, region.start.line, region.end.line), region.surroundings
        known_world, known_lines, around = self._regions.pop(name, (None, frozenset(), {}))
        if known_world != world or len(lines & known_lines) < alike * max(len(lines), len(known_lines)):
            known_lines, around = lines, {}
        self._regions[name] = world, known_lines, around
        if len(self._regions) > _MOST_REGIONS:
            del self._regions[next(iter(self._regions))]
        return around

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
