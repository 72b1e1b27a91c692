"""`pilotfish complete FILE:LINE:COL`: what would be offered there, how sure of it, and whose word it is."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from pilotfish.bench.display import CURSOR
from pilotfish.cli.context import context_of
from pilotfish.cli.indexing import load_settings, refresh_index
from pilotfish.cli.output import check_destination, output, warn, write_json
from pilotfish.cli.place import place_given
from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import Completion, CompletionRequest, Trigger
from pilotfish.completion.resources import Outcome, Resources
from pilotfish.completion.reuse import Memory
from pilotfish.context.place import look_around
from pilotfish.context.snippet import Context
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.candidate import Candidate
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.errors import PilotfishError
from pilotfish.index.reader import IndexReader
from pilotfish.index.view import IndexView
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.paths import index_directory
from pilotfish.platform.secrets import is_secret_path
from pilotfish.platform.steps import Steps, run_steps
from pilotfish.platform.trace import Trace
from pilotfish.session.backends import Backends
from pilotfish.session.explanation import reason
from pilotfish.session.privacy import is_ignored
from pilotfish.session.trees import Trees
from pilotfish.settings.model import Settings
from pilotfish.text.document import Document, Position

MAX_CANDIDATES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and with what."""
    parser.add_argument("place", metavar="FILE:LINE:COL", help="counted from 1, columns in characters")
    parser.add_argument("--workspace", metavar="DIR", help="default: the current folder if it holds the file")
    parser.add_argument("--backend", metavar="NAME", help="ask this one instead of those in the settings")
    parser.add_argument(
        "--trigger",
        choices=[trigger.value for trigger in Trigger],
        default=Trigger.INVOKED.value,
        help="as if the user had asked (the default), or only typed: then what is unsure is kept back",
    )
    parser.add_argument(
        "--cut-line", action="store_true", help="as if the rest of the line were not there yet"
    )
    parser.add_argument("--json", metavar="PATH", help="write the answer as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Complete at one place."""
    check_destination(args.json)
    document, position, root = place_given(args)
    said: dict[str, object] = {"--backend": {"backend": [args.backend]}} if args.backend else {}
    settings = load_settings(root, said)
    faults: list[PilotfishError] = []
    with closing(IndexReader(root, index_directory(root))) as reader:
        refresh_index(root, settings)
        index = reader.view()
        request = CompletionRequest(document, position, Trigger(args.trigger))
        outcome = asyncio.run(_complete(request, settings, index, root, faults.append))
    for fault in [*faults, *([outcome.error] if outcome.error else [])]:
        warn(fault)
    _show(output(args.json), document, position, outcome)
    if args.json:
        write_json(args.json, _as_json(outcome, index))
    return 2 if (faults or outcome.error) and not outcome.completions else 0


async def _complete(
    request: CompletionRequest,
    settings: Settings,
    index: IndexView,
    root: Path,
    on_fault: Callable[[PilotfishError], None],
) -> Outcome:
    """One run of the pipeline, with everything that an editor's session would give it.

    Args:
        request: what is asked.
        settings: those of the folder.
        index: what is known of it.
        root: the folder.
        on_fault: told why a backend cannot be used; the others are.
    """
    buffers = Buffers()
    await run_steps(buffers.update(request.document, request.position))

    def ask_engine(request: CompletionRequest, max_lines: int, least: float) -> Steps[list[Candidate]]:
        query = Query(request.document, request.position, request.others, MAX_CANDIDATES, max_lines, least)
        return predict(query, buffers, index)

    def is_private(path: Path) -> bool:
        return is_secret_path(path) or is_ignored(path, (root,))

    async def gather(request: CompletionRequest) -> Context:
        place = look_around(request.document, request.position)
        return await asyncio.to_thread(context_of, root, place, settings)

    clock = SystemClock()
    backends = Backends(on_fault)
    try:
        resources = Resources(
            settings,
            ask_engine,
            backends.use(settings),
            Memory(),
            clock,
            is_private,
            gather=gather,
            tree=Trees().of,
        )
        trace = Trace("1", request.document.uri, request.document.version, clock)
        return await complete(request, resources, trace)
    finally:
        await backends.aclose()


def _show(console: Console, document: Document, position: Position, outcome: Outcome) -> None:
    """Each completion: how sure, whose word it is, and below it the line as an editor would show it."""
    if not outcome.completions:
        why = reason(outcome.decision)
        console.print(f"Nothing is offered here ({outcome.decision}): {why}", markup=False, soft_wrap=True)
    for number, completion in enumerate(outcome.completions, 1):
        sure = "" if completion.confidence is None else f", confidence {completion.confidence:.2f}"
        evidence = f", most like {completion.evidence}" if completion.evidence else ""
        whose = f"{number}. {completion.source}{sure}{evidence}"
        console.print(whose, style="cyan", markup=False, soft_wrap=True)
        ghost = _ghost(document, position, completion).replace("\n", "\n   ")
        # The mark is for those who see no colours, in a log for example.
        line = Text.assemble("   ", document.before(position), (CURSOR, "cyan"), (ghost, "dim italic"))
        console.print(line, soft_wrap=True)


def _ghost(document: Document, position: Position, completion: Completion) -> str:
    """What appears after the cursor."""
    there = document.before(position)[completion.range.start.column :]
    return completion.text.removeprefix(there)


def _as_json(outcome: Outcome, index: IndexView) -> dict[str, Any]:
    """Places as on the command line: from 1, columns in characters."""
    return {
        "decision": outcome.decision,
        "completions": [
            {
                "text": completion.text,
                "range": {
                    "start": {"line": span.start.line + 1, "column": span.start.column + 1},
                    "end": {"line": span.end.line + 1, "column": span.end.column + 1},
                },
                "source": completion.source.value,
                "confidence": completion.confidence,
                "evidence": completion.evidence,
            }
            for completion in outcome.completions
            for span in [completion.range]
        ],
        "stages": outcome.trace.as_json()["stages"],
        "index": {"files": index.files, "tokens": index.tokens},
    }
