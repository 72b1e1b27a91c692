"""One connection's state, and where everything is put together.

Only the synchronous methods here change the state, and only `lsp/`'s handlers call them. What takes time
is given frozen snapshots before it first waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.completion.resources import Resources
from pilotfish.platform import paths
from pilotfish.platform.clock import Clock, SystemClock
from pilotfish.platform.logging import set_level
from pilotfish.session.actions import Actions
from pilotfish.session.backends import Backends
from pilotfish.session.background import Background
from pilotfish.session.completions import Completions
from pilotfish.session.configuration import Configuration, locate
from pilotfish.session.documents import Documents
from pilotfish.session.edits import Edits
from pilotfish.session.embedding import Embedding
from pilotfish.session.engine import Engine
from pilotfish.session.gathering import Gathering
from pilotfish.session.members import members_of
from pilotfish.session.privacy import RULES, Privacy
from pilotfish.session.reporter import Reporter
from pilotfish.session.status import IndexState, Status, state_of
from pilotfish.session.traces import Traces
from pilotfish.session.trees import Trees
from pilotfish.session.workspace import Workspace

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.session.editor import Editor
    from pilotfish.settings.model import Settings
    from pilotfish.text.document import Document, Position, Range
    from pilotfish.text.mirror import Change
    from pilotfish.text.positions import Encoding

log = logging.getLogger(__name__)


class Session:
    """Everything that lives as long as the connection.

    Args:
        editor: where to report to.
        encoding: the unit of the client's columns.
        roots: the workspace's folders.
        options: the editor's settings, of whatever shape (`initializationOptions`).
        watched: whether the editor tells of files that change on disk.
        waited_ms: how long it waits after a key before it asks for a completion.

    Attributes:
        configuration: the settings as they were said, and what was wrong with them.
        documents: what is open.
        traces: of the last requests.
        completions: the requests for completions.
        actions: code actions.
        gathering: what a model is shown of other files.
    """

    def __init__(
        self,
        editor: Editor,
        encoding: Encoding,
        roots: Sequence[Path] = (),
        options: object = None,
        *,
        watched: bool = False,
        waited_ms: float = 0.0,
        clock: Clock | None = None,
    ) -> None:
        self.configuration = Configuration(roots, options)
        self._watched = watched
        self._waited_ms = waited_ms
        self._clock = clock or SystemClock()
        self._is_started = self._paused = False
        self._background = Background()
        self.documents = Documents(encoding)
        self.traces = Traces(paths.trace_file(), self._clock)
        self._reporter = Reporter(editor, lambda: self.status)
        self._workspace = Workspace(
            self._index_changed, partial(self._reporter.note, "index"), self.files_changed
        )
        self._engine = Engine(self._workspace.view, self._workspace.damaged)
        self._backends = Backends(self._reporter.report)
        self._privacy = Privacy()
        self._trees = Trees()
        self._edits = Edits()
        self._workspace.expect(self.configuration.folders)
        self.completions = Completions(self.documents, self.traces, self._reporter, self._clock)
        self._embedding = Embedding(self._workspace, self.completions, self._reporter, self._privacy)
        self.gathering = Gathering(self._workspace, self._edits, self._clock, self._embedding)
        self.completions.resources = self._make_resources({})
        files = self.configuration, self.documents, self._workspace, self._privacy
        self.actions = Actions(*files, self.completions, self.gathering, self.traces, self.request)

    # --- the connection's life --------------------------------------------------------------------

    def start(self) -> None:
        """Begin what takes time: load the engine, index the folders. From now on the client is spoken to.

        Once is enough: an editor that forgets to say `initialized` makes its first request start it.
        """
        if self._is_started:
            return
        self._is_started = True
        if not self._backends.must_load(self.settings):
            self._apply_settings()
        self._background.run(self._index())  # In a process of its own: it need not wait for what follows.
        self._background.run(self._start())

    async def _start(self) -> None:
        try:
            await self._backends.load(self.settings, then=self._apply_settings)
            if await self._engine.load():  # It answers from the open documents long before all are indexed.
                self._workspace.read()
            for document in self.documents.all():
                self._engine.update(document, self._max_lines, at_once_s=0)
        finally:
            self.completions.ready.set()

    async def _index(self) -> None:
        await self._workspace.use(self.configuration.folders, self.documents.files(), watched=self._watched)

    async def aclose(self) -> None:
        """End everything that runs, children included."""
        await self._background.aclose()
        await self.completions.aclose()
        await asyncio.gather(
            *(self._engine.aclose(), self._embedding.aclose(), self._privacy.aclose()),
            *(self._workspace.aclose(), self._backends.aclose(), self._trees.aclose()),
            *(self.gathering.aclose(), self.traces.aclose()),
        )

    # --- what the editor tells --------------------------------------------------------------------

    def open(self, uri: str, path: Path | None, language_id: str, version: int, text: str) -> None:
        """The editor opened a document."""
        path = path and locate(path)
        document = self.documents.open(uri, path, language_id, version, text)
        self._engine.update(document, self._max_lines)
        self._trees.read_ahead(document)
        self.gathering.opened(document)
        if path is not None:
            self._privacy.look_at([path], self.configuration.roots)
            self._workspace.opened(path)

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> None:
        """The editor edited a document."""
        if (document := self.documents.change(uri, version, changes)) is not None:
            self._edits.changed(uri, changes)
            self.completions.changed(document)
            self._engine.update(document, self._max_lines)
            if self._waited_ms and (cursor := self.documents.cursor_after(document, changes)):
                self.completions.expect(self.request(document, cursor, Trigger.AUTOMATIC))
        else:
            log.warning("A document was changed that is not open")

    def close(self, uri: str) -> None:
        """The editor closed a document: from now on the file on disk counts."""
        document, was_edited = self.documents.close(uri)
        self.completions.closed(uri)
        self._engine.forget(uri)
        self._trees.forget(uri)
        self._edits.forget(uri)
        if document is not None and document.path is not None:
            self._privacy.forget(document.path)
            if was_edited:  # Perhaps saved by an editor that does not tell.
                self._workspace.changed([document.path])

    def files_changed(self, files: Sequence[Path]) -> None:
        """Files were written, made or deleted."""
        files = [locate(file) for file in files]
        self._workspace.changed(files)
        if any(file.name in RULES for file in files):
            self._privacy.look_at(self.documents.files(), self.configuration.roots)
        if any(map(self.configuration.is_read_from, files)):
            self.configuration.read()
            self._reconfigure()

    def rescan(self) -> None:
        """Any number of files may have changed."""
        self._workspace.rescan()
        self._privacy.look_at(self.documents.files(), self.configuration.roots)

    def folders_changed(self, added: Sequence[Path], removed: Sequence[Path]) -> None:
        """The user added or removed workspace folders."""
        self.configuration.change_roots(added, removed)
        self._reconfigure()

    def configure(self, source: str, options: object) -> None:
        """The editor's settings, as said in `source`, are now these."""
        if self.configuration.say(source, options):
            self._reconfigure()

    def pause(self, *, paused: bool) -> None:
        """Offer nothing until the user resumes."""
        self._paused = paused
        self.completions.resources = replace(self.completions.resources, paused=paused)
        self._reporter.show_status()

    def reindex(self) -> None:
        """Build the indexes of the workspace anew."""
        self._workspace.reindex()

    # --- what the editor asks ---------------------------------------------------------------------

    def request(
        self,
        document: Document,
        position: Position,
        trigger: Trigger,
        selected: tuple[Range, str] | None = None,
    ) -> CompletionRequest:
        """What `complete` works on: everything that is known at this moment, frozen."""
        self.start()
        self._trees.ask_first()
        self.documents.use(document.uri)
        return CompletionRequest(
            document=document,
            position=position,
            trigger=trigger,
            others=self._privacy.without_private(self.documents.others(document.uri)),
            selected=selected,
            waited_ms=self._waited_ms,
            gaps_ms=self.completions.rhythm.gaps_ms(self._clock.now_ms()),
            epoch=self.documents.epoch + self._workspace.generation + self._privacy.looks,
            deletions=self.documents.epoch,
            hidden=frozenset(self.documents.files()) | self._workspace.unsettled,
        )

    @property
    def settings(self) -> Settings:
        """As resolved from everything that was said so far."""
        return self.configuration.settings

    @property
    def status(self) -> Status:
        """The status at this moment."""
        is_off = self._paused or not self.settings.completion.enabled
        problem = self._reporter.problem
        state = state_of(problem, is_off=is_off, is_thinking=self.completions.is_thinking)
        index, embedding = self._workspace.status, self._embedding.status
        return Status(", ".join(self.settings.backend), state, problem, index, embedding)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _max_lines(self) -> int:
        return self.settings.completion.max_file_lines

    def _reconfigure(self) -> None:
        self._apply_settings()
        if self._is_started:
            self._background.run(self._index())

    def _index_changed(self) -> None:
        if self._workspace.status.state is not IndexState.FAILED:
            self._reporter.mended("index")
        self._embedding.index_changed()
        self._reporter.show_status()

    def _apply_settings(self) -> None:
        set_level(self.settings.log.level)
        for fault in self.configuration.faults:
            self._reporter.report(fault)
        backends = self._backends.use(self.settings)
        self.completions.use(self._make_resources(backends))
        self.actions.backends = backends
        self._embedding.use(backends, self.settings)
        self._reporter.show_status()

    def _make_resources(self, backends: Mapping[str, Backend]) -> Resources:
        return Resources(
            settings=self.settings,
            predict=self._engine.predict,
            backends=backends,
            memory=self.completions.memory,
            clock=self._clock,
            is_private=self._privacy.is_private,
            paused=self._paused,
            tree=self._trees.of,
            members=lambda request, name: members_of(name, self._workspace.lookup, request.hidden),
            gather=partial(
                self.gathering.for_completion,
                limits=self.settings.context,
                ahead=self.settings.completion.ahead != "off",
            ),
        )
