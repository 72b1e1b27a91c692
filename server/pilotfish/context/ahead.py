"""Asking sources before anybody waits for them: slowly, and given up as soon as somebody does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import chain
from threading import Event

from pilotfish.context.gather import Reorder, Sources
from pilotfish.context.held import Around
from pilotfish.context.place import NAME
from pilotfish.context.rank import rank
from pilotfish.context.snippet import Snippet
from pilotfish.errors import IndexFault
from pilotfish.index.lookup import Lookup, remember
from pilotfish.platform.steps import Steps

REST_S = 0.00005
"""After each step nothing is done for so long: nobody who comes waits for more than one."""

MOST_NAMES, MOST_LINES = 600, 1_000


def vocabulary(lines: Sequence[str], line: int, lookup: Lookup) -> Steps[list[Snippet]]:
    """Have the catalog remember the names of a document, the nearest to a line first; finds nothing."""
    outwards = chain.from_iterable(
        (lines[at] for at in {line - distance, line + distance} if 0 <= at < len(lines))
        for distance in range(min(len(lines), MOST_LINES))
    )
    known: dict[str, float] = {}
    for each in outwards:
        known.update(dict.fromkeys(NAME.findall(each[:400]), 1.0))
        if len(known) > MOST_NAMES:
            break
    yield from remember(lookup, list(known))
    return []


def weighed(around: Around, reorder: Reorder) -> Steps[list[Snippet]]:
    """Have remembered how like a region is what was found for it; finds nothing."""
    reorder(rank(chain.from_iterable(around.found.values())))
    yield
    return []


async def ask_ahead(sources: Sources) -> None:
    """Run the sources in a thread, for what they remember; cancelling ends it after the step that runs."""
    is_stopped = Event()
    try:
        await asyncio.to_thread(_run, sources, is_stopped)
    finally:
        is_stopped.set()


def _run(sources: Sources, is_stopped: Event) -> None:
    for steps in sources.values():
        try:
            while not is_stopped.is_set():
                next(steps)
                time.sleep(REST_S)
        except StopIteration:
            continue
        except IndexFault:  # Who asks for an answer reports it.
            return
        finally:
            steps.close()
