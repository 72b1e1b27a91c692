"""What becomes of what was shown: accepted, in part, typed out by hand, rejected, and still there later.

Editors tell at most of a full acceptance (`pilotfish.accepted`). Everything else follows from the edits: the
offered text appears where it was offered, in one go, in pieces, or key by key; or something else does.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pilotfish.session.tally import Fate
from pilotfish.text.prefix import common_length

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.completion.resources import Outcome
    from pilotfish.text.document import Document

KEPT_AFTER_S = 30.0
IDS_KEPT = 200
"""Of so many last answers it is known what they offered."""

_BY_HAND_CHARS = 2
"""So much of an offer appears at once when it is typed: a key, and perhaps the bracket that closes it."""


@dataclass(slots=True)
class Shown:
    """One offer, for as long as it is typed along.

    Attributes:
        origin: the trace id of the request that it was made for.
        request: where it was shown first.
        text: what it inserts at the cursor: the best, or that of the others which was taken.
        others: what else was offered at the same place.
        language: of the document.
        backend: who made it.
        source: the engine, a model or what was kept on disk.
        standing: how many of its characters stand in the document.
        is_partly: whether a part of it appeared in one go.
        is_settled: whether it is known what became of it.
    """

    origin: str
    request: CompletionRequest
    text: str
    language: str
    backend: str
    source: str
    others: tuple[str, ...] = ()
    standing: int = 0
    is_partly: bool = False
    is_settled: bool = False


class Acceptance:
    """Watches the offer that each document shows.

    Args:
        tell: what happened to an offer: its origin, and the fate to count.
        current: a document as it is now.
    """

    def __init__(self, tell: Callable[[str, Fate], None], current: Callable[[str], Document | None]) -> None:
        self._tell = tell
        self._current = current
        self._by_uri: dict[str, Shown] = {}
        self._by_id: OrderedDict[str, Shown] = OrderedDict()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def shown(self, request: CompletionRequest, outcome: Outcome) -> None:
        """The editor was given an answer; one that goes on with the offer before is the same offer."""
        trace = outcome.trace
        uri = request.document.uri
        before = self._by_uri.get(uri)
        if before is not None and not before.is_settled and before.origin == trace.origin:
            self._remember(trace.id, before)
            return
        if before is not None:
            self._settle(before, "partly" if before.is_partly else "rejected")
            del self._by_uri[uri]
        if not outcome.completions or request.selected is not None:
            return
        there = request.document.before(request.position)[outcome.completions[0].range.start.column :]
        text, *others = (each.text.removeprefix(there).replace("\r\n", "\n") for each in outcome.completions)
        offer = Shown(
            trace.origin or trace.id,
            replace(request, others=(), hidden=frozenset()),  # It is kept for a while; they are not needed.
            text,
            request.document.language_id,
            trace.backend or "",
            "model" if trace.backend != "embedded" else "embedded",
            tuple(others),
        )
        self._by_uri[uri] = offer
        self._remember(trace.id, offer)
        self._count(offer, "shown")

    def accepted(self, trace_id: str) -> Shown | None:
        """The editor says that the user accepted what this request offered; the offer, if it is known."""
        offer = self._by_id.get(trace_id)
        if offer is not None:
            self._settle(offer, "accepted")
        return offer

    def changed(self, document: Document) -> None:
        """A document was edited."""
        offer = self._by_uri.get(document.uri)
        if offer is None or offer.is_settled:
            return
        line, column = offer.request.position.line, offer.request.position.column
        if document.before(offer.request.position) != offer.request.document.before(offer.request.position):
            self._settle(offer, "partly" if offer.is_partly else "rejected")
            return
        offered = (offer.text, *offer.others)
        count = max(text.count("\n") for text in offered) + 1
        now = [document.line(number) for number in range(line, line + count)]
        written = "\n".join([now[0][column:], *now[1:]])
        offer.text = max(offered, key=lambda text: common_length(written, text))
        offer.others = tuple(text for text in offered if text != offer.text)
        standing = common_length(written, offer.text)
        grown, offer.standing = standing - offer.standing, standing
        if standing == len(offer.text):
            self._settle(offer, "accepted" if grown > _BY_HAND_CHARS or grown == standing else "typed")
        elif grown > _BY_HAND_CHARS:
            offer.is_partly = True
        elif grown <= 0 and document.line(line) != offer.request.document.line(line) and not standing:
            self._settle(offer, "partly" if offer.is_partly else "rejected")

    def closed(self, uri: str) -> None:
        """The document is gone."""
        self._by_uri.pop(uri, None)

    def close(self) -> None:
        """Forget what waits."""
        for timer in self._timers.values():
            timer.cancel()

    def _remember(self, trace_id: str, offer: Shown) -> None:
        self._by_id[trace_id] = offer
        if len(self._by_id) > IDS_KEPT:
            self._by_id.popitem(last=False)

    def _settle(self, offer: Shown, event: str) -> None:
        if offer.is_settled:
            return
        offer.is_settled = True
        self._count(offer, event)
        if event != "rejected":
            later = asyncio.get_running_loop().call_later(KEPT_AFTER_S, self._look_again, offer, event)
            self._timers[offer.origin] = later

    def _look_again(self, offer: Shown, event: str) -> None:
        """Whether what was taken still stands somewhere in the document."""
        self._timers.pop(offer.origin, None)
        document = self._current(offer.request.document.uri)
        taken = offer.text if event != "partly" else offer.text[: offer.standing]
        if document is not None and taken in "".join(document.lines).replace("\r\n", "\n"):
            self._count(offer, "kept")

    def _count(self, offer: Shown, event: str) -> None:
        self._tell(offer.origin, Fate(event, offer.language, offer.backend, offer.source))
