"""Code actions of one connection: what is offered at a spot, and doing it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.actions.insertions import line_end_of
from pilotfish.actions.names import ACTION_NAMES
from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.context.snippet import Context
from pilotfish.errors import ActionStopped, BackendError, PilotfishError
from pilotfish.platform.secrets import is_secret_path
from pilotfish.session.tally import ACTION, Fate
from pilotfish.settings.model import ContextSettings
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, applied, end_of
from pilotfish.text.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pilotfish.actions.exact import Change
    from pilotfish.actions.offer import Offer
    from pilotfish.actions.screen import Screen
    from pilotfish.actions.spot import Diagnostic, Spot
    from pilotfish.actions.tools import Tools
    from pilotfish.index.lookup import Lookup
    from pilotfish.models.backend import Backend
    from pilotfish.platform.trace import Trace
    from pilotfish.session.completions import Completions
    from pilotfish.session.configuration import Configuration
    from pilotfish.session.documents import Documents
    from pilotfish.session.gathering import Gathering
    from pilotfish.session.privacy import Privacy
    from pilotfish.session.traces import Traces
    from pilotfish.session.workspace import Workspace

COMPLETE_LINES = 30
"""As many lines as *Complete from here* inserts at most."""

GATHER_MS = 400
"""A model takes seconds: what is found in this time makes its answer better."""


class Actions:
    """Puts together what actions work with.

    Args:
        configuration: folders and settings.
        documents: what is open.
        workspace: the index.
        privacy: which files are private.
        completions: who completes.
        gathering: finds what other files say.
        traces: where what was done leaves its stages.
        request: what the pipeline works on, for a position of a document.

    Attributes:
        backends: the models by the name under which the settings list them.
    """

    def __init__(
        self,
        configuration: Configuration,
        documents: Documents,
        workspace: Workspace,
        privacy: Privacy,
        completions: Completions,
        gathering: Gathering,
        traces: Traces,
        request: Callable[[Document, Position, Trigger], CompletionRequest],
    ) -> None:
        self._configuration = configuration
        self._documents = documents
        self._workspace = workspace
        self._privacy = privacy
        self._completions = completions
        self._gathering = gathering
        self._traces = traces
        self._request = request
        self._last: Spot | None = None
        self.backends: Mapping[str, Backend] = {}

    def spot(self, document: Document, selection: Range, diagnostics: Sequence[Diagnostic] = ()) -> Spot:
        """What an action works on: everything that is known at this moment, frozen."""
        from pilotfish.actions.spot import Spot  # noqa: PLC0415 - not before `initialize` is answered

        path = document.path
        roots = [root for root in self._configuration.roots if path and path.is_relative_to(root)]
        self._last = Spot(
            document=document,
            selection=selection,
            diagnostics=tuple(diagnostics),
            root=max(roots, key=lambda root: len(root.parts), default=None),
            others=self._privacy.without_private(self._documents.others(document.uri)),
            hidden=frozenset(self._documents.files()) | self._workspace.unsettled,
            parsed_before=self._last.parsed if self._last else None,
        )
        return self._last

    @property
    def names(self) -> list[str]:
        """All actions that may be run, the user's own among them."""
        return list(dict.fromkeys((*ACTION_NAMES, *self._configuration.settings.actions.custom)))

    async def ready(self) -> None:
        """Wait for what is still being found out about the open files; editors need not."""
        await self._privacy.settled()

    async def offers(self, spot: Spot, only: Sequence[str], *, can_ask: bool) -> list[Offer]:
        """What can be done at a place."""
        from pilotfish.actions.offer import offers  # noqa: PLC0415 - see `spot`

        await self._completions.ready.wait()  # Models may still be loading.
        tools = self._tools(self._traces.begin(spot.document))
        return await asyncio.to_thread(offers, spot, tools, only, can_ask=can_ask)

    async def change(self, name: str, spot: Spot, detail: str) -> Change:
        """What an action that needs no model would change.

        Raises:
            PilotfishError: there is nothing to change, or no such action.
        """
        from pilotfish.actions.run import change_of  # noqa: PLC0415 - see `spot`

        with self._traced(name, spot) as trace:
            return await change_of(name, spot, self._tools(trace), detail)

    async def run(
        self, name: str, spot: Spot, screen: Screen, *, detail: str = "", instruction: str = ""
    ) -> bool:
        """Do an action, to the end; whether a change was seen to be made.

        Raises:
            PilotfishError: it could not be done; the sentence says why.
        """
        from pilotfish.actions.run import run  # noqa: PLC0415 - see `spot`

        with self._traced(name, spot) as trace:
            await self._completions.ready.wait()
            tools = self._tools(trace)
            return await run(name, spot, tools, screen, detail=detail, instruction=instruction)

    @contextmanager
    def _traced(self, name: str, spot: Spot) -> Iterator[Trace]:
        """What is done is written down: each stage, and how it ended."""
        trace = self._traces.begin(spot.document)
        trace.action, trace.line = name, spot.selection.start.line
        trace.decision = event = "cancelled"
        try:
            yield trace
            trace.decision = event = "done"
        except ActionStopped as error:
            trace.decision, event = error.reason, "given up"
            raise
        except PilotfishError as error:
            failed = "backend_failed" if isinstance(error, BackendError) else "not_possible"
            trace.decision, event = failed, "given up"
            raise
        finally:
            self._traces.add(trace.as_json())
            kind = f"{ACTION} {name if name in self.names else '?'}"
            self._completions.count(Fate(event, trace.language, trace.backend or "", kind))

    def _tools(self, trace: Trace) -> Tools:
        from pilotfish.actions.tools import Tools  # noqa: PLC0415 - see `spot`

        def lookup(hidden: frozenset[Path], seconds: float) -> Lookup:
            return self._workspace.lookup(hidden, time.monotonic() + seconds)

        settings = self._configuration.settings
        names = settings.actions.backend or settings.backend
        return Tools(
            settings=settings,
            models={name: self.backends[name] for name in names if name in self.backends},
            gather=self._gather,
            complete=self._complete,
            lookup=lookup,
            follow=self._documents.follow,
            open_document=self._open_document,
            is_private=self._privacy.is_private,
            turns=self._completions.resources.turns,
            trace=trace,
        )

    async def _complete(self, document: Document, position: Position) -> str:
        """What belongs at a position; of the engine's, line after line as long as it is sure of the next.

        Where the engine is not sure of the first a model is asked, and without one its best guess is taken.
        """
        text, is_engines = await self._complete_once(document, position, Trigger.AUTOMATIC)
        if not text:
            text, is_engines = await self._complete_once(document, position, Trigger.INVOKED)
        before = document.before(position)
        while text and is_engines and text.count("\n") < COMPLETE_LINES:
            last = (before + text).replace("\r", "").rpartition("\n")[2]
            fresh = "\n" + last[: len(last) - len(last.lstrip())]
            here = Edit(Range(position, position), text + fresh)
            longer = replace(document, lines=split_lines(applied(document.lines, [here])))
            end = end_of(position, here.text)
            more, is_engines = await self._complete_once(longer, end, Trigger.AUTOMATIC)
            if not (more.strip() and is_engines):
                break
            text += fresh + more.rstrip("\r\n")
        return text.replace("\n", line_end_of(document))

    async def _complete_once(
        self, document: Document, position: Position, trigger: Trigger
    ) -> tuple[str, bool]:
        """One completion, and whether it is the engine's."""
        outcome = await self._completions.at_length(
            self._request(document, position, trigger), COMPLETE_LINES
        )
        if not outcome.completions:
            return "", False
        best = outcome.completions[0]
        text = best.text[position.column - best.range.start.column :]
        return text.replace("\r\n", "\n"), best.confidence is not None

    async def _gather(self, spot: Spot, span: Range) -> Context:
        """Snippets of other files for a part of a document."""
        settings = self._configuration.settings.actions
        limits = ContextSettings(max_tokens=settings.context_tokens, max_wait_ms=GATHER_MS)
        return await self._gathering.for_range(spot.document, span, spot.others, spot.hidden, limits)

    def _open_document(self, path: Path) -> Document | None:
        """A file of the workspace as the editor has it, else as it is on disk. Blocks."""
        for document in self._documents.all():
            if document.path == path:
                return document
        if is_secret_path(path) or not any(path.is_relative_to(root) for root in self._configuration.roots):
            return None
        try:
            text = path.read_bytes().decode()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise ActionStopped(f"{path.name} cannot be read: {error}.") from error
        return Document(path.as_uri(), path, language_of_path(path).id, -1, split_lines(text))
