"""The workspace's folders, each with its index: read here, written by a child process."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from pilotfish.errors import IndexerGone, IndexFault, PilotfishError
from pilotfish.platform import paths
from pilotfish.session.background import Background
from pilotfish.session.folder import Folder
from pilotfish.session.status import IndexState, IndexStatus

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup
    from pilotfish.index.process import IndexEvent
    from pilotfish.index.reader import IndexReader
    from pilotfish.index.view import IndexView
    from pilotfish.settings.model import IndexSettings

log = logging.getLogger(__name__)

REST_S = 0.3
"""An index is made ready while nobody has asked for so long: who asks has the interpreter to himself."""

_LOOK_S = 0.05
"""So often it is looked whether somebody has; closing waits no longer for it."""


class Workspace:
    """All folders together.

    Args:
        on_change: called whenever `status` may have changed.
        on_fault: called with what an indexer could not do.
        on_files: called with ignore files and settings that an indexer found changed.
    """

    def __init__(
        self,
        on_change: Callable[[], None],
        on_fault: Callable[[PilotfishError], None],
        on_files: Callable[[list[Path]], None] = lambda _: None,
    ) -> None:
        self._on_change = on_change
        self._on_files = on_files
        self._on_fault = on_fault
        self._folders: dict[Path, Folder] = {}
        self._one_at_a_time = asyncio.Lock()
        self._background = Background()
        self._is_closing = Event()
        self._is_expected = self._is_read = False
        self._changes = 0
        self._asked_at = 0.0

    @property
    def status(self) -> IndexStatus:
        """Of all folders: still building if one is, failed only if all are."""
        all_of_them = [folder.status for folder in self._folders.values()]
        states = {status.state for status in all_of_them}
        order = (IndexState.BUILDING, IndexState.READY, IndexState.FAILED)
        nothing = IndexState.BUILDING if self._is_expected else IndexState.OFF
        state = next((state for state in order if state in states), nothing)
        return IndexStatus(
            state, sum(status.files for status in all_of_them), sum(status.total for status in all_of_them)
        )

    @property
    def generation(self) -> int:
        """Grows whenever an index has changed, or which of its files are unsettled, or the folders."""
        return self._changes + sum(reader.view().generation for reader in self._readers)

    @property
    def unsettled(self) -> frozenset[Path]:
        """The files of which the index may not know yet how they are now."""
        return frozenset(file for folder in self._folders.values() for file in folder.unsettled)

    @property
    def roots(self) -> list[Path]:
        """The folders that are indexed."""
        return list(self._folders)

    def view(self) -> IndexView:
        """What is known of all folders at this moment."""
        from pilotfish.index.reader import join_views  # noqa: PLC0415 - not before `initialize` is answered

        self._asked_at = time.monotonic()
        return join_views(reader.view() for reader in self._readers)

    def lookup(self, hidden: Collection[Path], deadline_s: float = float("inf")) -> Lookup:
        """The catalogs of all folders, to be asked until the deadline, by `time.monotonic`.

        One that was found to be damaged is looked at, and built anew, by its indexer.
        """
        for folder in self._folders.values():
            if folder.catalog.take_damage():
                folder.indexer.rescan()
        from pilotfish.index.lookup import Lookup  # noqa: PLC0415 - see `view`

        return Lookup([folder.catalog for folder in self._folders.values()], hidden, deadline_s)

    def expect(self, folders: Mapping[Path, IndexSettings]) -> None:
        """`use` will be called soon with these: until then the index is being built, not switched off."""
        self._is_expected = bool(_wanted(folders))

    async def use(
        self, folders: Mapping[Path, IndexSettings], near: Sequence[Path] = (), *, watched: bool
    ) -> None:
        """Index exactly these folders from now on; what is indexed so already goes on undisturbed.

        Args:
            folders: by path without links on the way, with what of them is indexed; see `indexable`.
            near: files that are open: what lies around them comes first.
            watched: whether the client tells of files that change on disk.
        """
        async with self._one_at_a_time:
            wanted = {root: (settings, watched) for root, settings in _wanted(folders).items()}
            await self._drop(
                [root for root, folder in self._folders.items() if folder.made_with != wanted.get(root)]
            )
            for root, made_with in wanted.items():
                if root not in self._folders:
                    await self._add(root, made_with, near)
            self._is_expected = False
        self._on_change()

    def read(self) -> None:
        """From now on the indexes are read; the engine, and with it what reading takes, has been loaded."""
        self._is_read = True
        for folder in self._folders.values():
            self._background.run(self._make_ready(folder))

    def opened(self, file: Path) -> None:
        """A file was opened: what lies around it is indexed first."""
        for folder in self._folders.values():
            folder.indexer.opened(file)

    def changed(self, files: Iterable[Path]) -> None:
        """These files were written, made or deleted, in the editor or behind its back."""
        by_folder: dict[Path, list[Path]] = {}
        for file in files:
            for root in self._folders:
                if file.is_relative_to(root):
                    by_folder.setdefault(root, []).append(file)
        for root, changed in by_folder.items():
            folder = self._folders[root]
            report = folder.indexer.changed(changed)
            if not folder.is_followed:
                folder.unsettled |= dict.fromkeys(changed, report)
                self._changes += 1

    def rescan(self) -> None:
        """Compare everything with what is on disk."""
        for folder in self._folders.values():
            folder.indexer.rescan()

    def damaged(self, fault: IndexFault) -> None:
        """What is damaged is found and built anew by the indexer; until then the open documents must do."""
        log.warning("%s It is built anew.", fault)
        self.rescan()

    def reindex(self) -> None:
        """Throw the indexes away and build them anew; also starts indexers that were given up."""
        for folder in self._folders.values():
            folder.indexer.rebuild()

    async def aclose(self) -> None:
        """End the indexers."""
        self._is_closing.set()
        async with self._one_at_a_time:
            await self._drop(list(self._folders))
        await self._background.finish()

    async def _add(self, root: Path, made_with: tuple[IndexSettings, bool], near: Sequence[Path]) -> None:
        from pilotfish.index.catalog_reader import CatalogReader  # noqa: PLC0415 - see `view`
        from pilotfish.index.process import IndexerProcess  # noqa: PLC0415
        from pilotfish.index.reader import IndexReader  # noqa: PLC0415

        directory = paths.index_directory(root)
        settings, watched = made_with
        indexer = IndexerProcess(
            root, directory, settings, lambda event: self._heard(root, event), watched=watched
        )
        reader, catalog = IndexReader(root, directory), CatalogReader(root, directory)
        folder = self._folders[root] = Folder(root, reader, catalog, indexer, made_with)
        await indexer.start(near)
        self._background.run(self._read_ahead(directory))
        if self._is_read:
            self._background.run(self._make_ready(folder))

    @property
    def _readers(self) -> list[IndexReader]:
        return [folder.reader for folder in self._folders.values()] if self._is_read else []

    async def _read_ahead(self, directory: Path) -> None:
        from pilotfish.index.read_ahead import read_ahead  # noqa: PLC0415 - see `view`

        await asyncio.to_thread(read_ahead, directory, self._is_closing)

    async def _make_ready(self, folder: Folder) -> None:
        """Let an index that is there be made ready for its first question, in a thread."""
        catalog, segments = folder.catalog, folder.reader.view().segments

        def in_steps() -> Iterator[None]:
            from pilotfish.index.make_ready import make_ready  # noqa: PLC0415 - see `view`

            yield from make_ready(catalog, segments)

        steps, is_left = in_steps(), True
        self._asked_at = time.monotonic()
        while is_left and await self._is_resting() and self._folders.get(folder.root) is folder:
            is_left = await asyncio.to_thread(next, steps, False) is None

    async def _is_resting(self) -> bool:
        """Wait until nobody has asked for a while; False if the indexes are closed instead."""
        while not self._is_closing.is_set():
            if time.monotonic() >= self._asked_at + REST_S:
                return True
            await asyncio.sleep(_LOOK_S)
        return False

    async def _drop(self, roots: Sequence[Path]) -> None:
        dropped = [self._folders[root] for root in roots]
        self._changes += len(dropped) + sum(
            folder.reader.view().generation for folder in dropped if self._is_read
        )
        for root in roots:
            del self._folders[root]
        await asyncio.gather(*(folder.indexer.aclose() for folder in dropped))
        for folder in dropped:
            folder.reader.close()
            folder.catalog.close()

    def _heard(self, root: Path, event: IndexEvent) -> None:
        folder = self._folders.get(root)
        if folder is None:
            return
        if event.state == "waiting":
            # Another server's indexer writes this index; what it commits is read here.
            state = IndexState.READY if event.generation else IndexState.BUILDING
        else:
            state = IndexState(event.state)
        folder.is_followed = event.state == "waiting"
        settled = [
            file for file, report in folder.unsettled.items() if folder.is_followed or report <= event.heard
        ]
        for file in settled:
            del folder.unsettled[file]
        self._changes += bool(settled)
        folder.status = IndexStatus(state, event.files, event.total)
        if event.state == "ready" and event.text != folder.left_out:
            folder.left_out = event.text
            log.info("The index of %s: %d files; left out: %s", root, event.files, event.text or "nothing")
        if state is IndexState.FAILED:
            fault = IndexerGone if event.is_given_up else IndexFault
            self._on_fault(fault(event.text or f"the folder {root} cannot be indexed"))
        if event.noticed:
            self._on_files([root / path for path in event.noticed])
        self._on_change()


def indexable(roots: Sequence[Path]) -> list[Path]:
    """The folders worth an index: each once, none that lies in another one, and not a whole home or disk."""
    kept: list[Path] = []
    for root in sorted({root.resolve() for root in roots}):
        if not root.is_dir():
            log.info("The folder %s is not indexed: it is not there", root)
        elif root == Path(root.anchor) or root == _home():
            log.info("The folder %s is not indexed: open the project's own folder", root)
        elif not any(root.is_relative_to(other) for other in kept):
            kept.append(root)
    return kept


def _wanted(folders: Mapping[Path, IndexSettings]) -> dict[Path, IndexSettings]:
    """Which of the folders are indexed."""
    return {root: folders[root] for root in indexable([each for each in folders if folders[each].enabled])}


def _home() -> Path | None:
    try:
        return Path.home().resolve()
    except RuntimeError:
        return None
