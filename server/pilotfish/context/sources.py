"""All sources for one place, by name, the most worthy first.

What hangs on the line of the cursor is asked at each place; what is found for the lines around it is the same
for all places in a region, and held until the question changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pilotfish.context import definitions, names, open_tabs, recent_edits, siblings, similar, usages
from pilotfish.context.echoes import Echoes
from pilotfish.context.embeddings import Likeness
from pilotfish.context.held import Around
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import Place
from pilotfish.context.recent_edits import RecentEdit
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import WindowsSeen
from pilotfish.index.hidden import names_below
from pilotfish.index.lookup import Lookup
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.text.document import Document


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to look in.

    Attributes:
        view: the segments of the index.
        hidden: files that do not count in it, the cursor's own above all.
        lookup: its catalogs, without these files.
        others: the other open documents that may be shown, the most recently used first.
        edits: what was changed lately, the newest first.
        likeness: by which similar code is put in order, if vectors tell it.
        seen: what texts were compared with for earlier questions.
        around: what is known of this region from before; what is found now is added.
        echoes: the segments without the hidden files, where they are at hand.
    """

    view: IndexView = field(default_factory=IndexView)
    lookup: Lookup = field(default_factory=Lookup)
    hidden: Collection[Path] = ()
    others: Sequence[Document] = ()
    edits: Sequence[RecentEdit] = ()
    likeness: Likeness | None = None
    seen: WindowsSeen = field(default_factory=WindowsSeen)
    around: Around = field(default_factory=Around)
    echoes: Echoes | None = None


OF_THE_REGION = (
    names.SOURCE,
    recent_edits.SOURCE,
    open_tabs.SOURCE,
    siblings.SOURCE,
    similar.SOURCE,
)
SOURCES = (usages.SOURCE, definitions.SOURCE, *OF_THE_REGION)


def sources_for(
    place: Place, known: Known, only: Collection[str] | None = None, *, without: Collection[str] = ()
) -> dict[str, Steps[list[Snippet]]]:
    """The sources, ready to run; `only` some of them or all `without` some, to see what each is worth."""
    own, region = place.document.path, place.region
    near = Nearness(shown_path(place.document, known.view.roots))
    echoes = known.echoes or Echoes(known.view, known.hidden)
    lookup = known.lookup
    tabs = known.others[: open_tabs.MOST_TABS]
    others = [(shown_path(other, known.view.roots), other) for other in tabs]
    edits = [edit for edit in known.edits if edit.path != near.own]
    made: Mapping[str, Callable[[], Steps[list[Snippet]]]] = {
        definitions.SOURCE: lambda: definitions.definitions(place, lookup, echoes, near),
        names.SOURCE: lambda: names.names(region, lookup, near),
        recent_edits.SOURCE: lambda: recent_edits.recent_edits(region, edits),
        open_tabs.SOURCE: lambda: open_tabs.open_tabs(region, others, known.seen),
        siblings.SOURCE: lambda: siblings.siblings(lookup, own),
        similar.SOURCE: lambda: similar.similar(region, lookup, near, known.seen, known.likeness),
        # Last, since it cannot be interrupted: where the disk is slow the others are done by then.
        usages.SOURCE: lambda: usages.usages(place, echoes, near),
    }
    return {
        name: _once(name, make, known) if name in OF_THE_REGION else make()
        for name, make in made.items()
        if name not in without and (only is None or name in only)
    }


def questions(known: Known) -> dict[str, Hashable]:
    """On what the answer of each source of a region depends, beside the region's lines."""
    index = known.view.generation, known.view.segments, frozenset(known.hidden)
    tabs = tuple((each.uri, each.version) for each in known.others[: open_tabs.MOST_TABS])
    return dict.fromkeys(OF_THE_REGION, index) | {
        open_tabs.SOURCE: tabs,
        recent_edits.SOURCE: tuple(known.edits),
    }


def _once(name: str, make: Callable[[], Steps[list[Snippet]]], known: Known) -> Steps[list[Snippet]]:
    """What the source found before, or finds now; what is not done in time is asked for again."""
    found = known.around.found.get(name)
    if found is None:
        found = yield from make()
        if not known.lookup.is_late:
            known.around.found[name] = found
    return found


def shown_path(document: Document, roots: Sequence[Path]) -> str:
    """A document's path relative to the workspace folder that it is in, with `/`; else its name."""
    if document.path is None:
        return document.uri.rsplit("/", 1)[-1]
    below = (path for root in roots for path in names_below(root, [document.path]))
    return next(below, document.path.name)
