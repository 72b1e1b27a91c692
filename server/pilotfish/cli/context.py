"""`pilotfish context FILE:LINE:COL`: what a model would be shown of other files there, and why."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console

from pilotfish.cli.indexing import load_settings, refresh_index
from pilotfish.cli.numbers import positive
from pilotfish.cli.output import check_destination, output, write_json
from pilotfish.cli.place import place_given
from pilotfish.context.embeddings import Alike
from pilotfish.context.gather import gather_at_once
from pilotfish.context.place import Place, look_around
from pilotfish.context.snippet import Context, Snippet
from pilotfish.context.sources import Known, sources_for
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.reader import IndexReader
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.paths import index_directory
from pilotfish.settings.model import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and how much."""
    parser.add_argument("place", metavar="FILE:LINE:COL", help="counted from 1, columns in characters")
    parser.add_argument("--workspace", metavar="DIR", help="default: the current folder if it holds the file")
    parser.add_argument(
        "--cut-line", action="store_true", help="as if the rest of the line were not there yet"
    )
    parser.add_argument(
        "--max-tokens", type=positive, metavar="N", help="default: the setting context.max_tokens"
    )
    parser.add_argument("--json", metavar="PATH", help="write the answer as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Show the context of one place."""
    check_destination(args.json)
    document, position, root = place_given(args)
    settings = load_settings(root)
    refresh_index(root, settings)
    started = time.perf_counter()
    context = context_of(root, look_around(document, position), settings, args.max_tokens)
    spent_ms = 1000 * (time.perf_counter() - started)
    _show(output(args.json), context, spent_ms)
    if args.json:
        write_json(args.json, _as_json(context))
    return 0


def context_of(root: Path, place: Place, settings: Settings, max_tokens: int | None = None) -> Context:
    """The context as an editor's session would gather it, with all the time it takes."""
    directory = index_directory(root)
    with closing(IndexReader(root, directory)) as reader, closing(CatalogReader(root, directory)) as catalog:
        hidden = {place.document.path} if place.document.path else set()
        known = Known(reader.view(), Lookup([catalog], hidden), hidden)
        return gather_at_once(
            sources_for(place, known, without=settings.context.disabled_sources),
            max_tokens=max_tokens or settings.context.max_tokens,
            clock=SystemClock(),
            reorder=list if settings.embeddings.is_off else Alike(place.region),
        )


def _show(console: Console, context: Context, spent_ms: float) -> None:
    """The most telling snippet first; then each source's time, and what was left out."""
    for snippet in reversed(context.snippets):
        about = (
            f"{snippet.source}, score {snippet.score:.2f}, {snippet.tokens} tokens, "
            f"{_spent_ms(context, snippet):.1f} ms"
        )
        console.print(
            f"{snippet.path}:{snippet.start_line + 1}  ({about})", style="cyan", markup=False, soft_wrap=True
        )
        console.print(snippet.text.rstrip(), markup=False, soft_wrap=True)
    times = ", ".join(f"{name} {ms:.1f}" for name, ms in context.spent_ms)
    total = f"{len(context.snippets)} snippets, {context.tokens} tokens, {spent_ms:.1f} ms ({times})"
    console.print(total, style="cyan", markup=False, soft_wrap=True)
    for left in context.left_out:
        console.print(f"left out: {left.what}: {left.reason}", style="dim", markup=False, soft_wrap=True)


def _spent_ms(context: Context, snippet: Snippet) -> float:
    """What the sources took that found a snippet, with all else that they found."""
    sources = snippet.source.split("+")
    return sum(ms for name, ms in context.spent_ms if name in sources)


def _as_json(context: Context) -> dict[str, Any]:
    """The most telling snippet first; lines from 1, as on the command line."""
    return {
        "snippets": [
            {
                "path": snippet.path,
                "start_line": snippet.start_line + 1,
                "text": snippet.text,
                "source": snippet.source,
                "score": round(snippet.score, 4),
                "tokens": snippet.tokens,
                "ms": round(_spent_ms(context, snippet), 3),
            }
            for snippet in reversed(context.snippets)
        ],
        "left_out": [{"what": left.what, "reason": left.reason} for left in context.left_out],
        "tokens": context.tokens,
        "ms": {name: round(ms, 3) for name, ms in context.spent_ms},
    }
