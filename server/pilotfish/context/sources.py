"""All sources for one place, by name, the most worthy first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pilotfish.context import definitions, open_tabs, recent_edits, siblings, similar, usages
from pilotfish.context.echoes import Echoes
from pilotfish.context.embeddings import Likeness
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import Place
from pilotfish.context.recent_edits import RecentEdit
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import WindowsSeen
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
    """

    view: IndexView = field(default_factory=IndexView)
    lookup: Lookup = field(default_factory=Lookup)
    hidden: Collection[Path] = ()
    others: Sequence[Document] = ()
    edits: Sequence[RecentEdit] = ()
    likeness: Likeness | None = None
    seen: WindowsSeen = field(default_factory=WindowsSeen)


SOURCES = (
    usages.SOURCE,
    definitions.SOURCE,
    recent_edits.SOURCE,
    open_tabs.SOURCE,
    siblings.SOURCE,
    similar.SOURCE,
)


def sources_for(
    place: Place, known: Known, only: Collection[str] | None = None, *, without: Collection[str] = ()
) -> dict[str, Steps[list[Snippet]]]:
    """The sources, ready to run; `only` some of them or all `without` some, to see what each is worth."""
    own = place.document.path
    near = Nearness(shown_path(place.document, known.view.roots))
    echoes = Echoes(known.view, known.hidden)
    lookup = known.lookup
    tabs = known.others[: open_tabs.MOST_TABS]
    others = [(shown_path(other, known.view.roots), other) for other in tabs]
    edits = [edit for edit in known.edits if edit.path != near.own]
    made: Mapping[str, Callable[[], Steps[list[Snippet]]]] = {
        usages.SOURCE: lambda: usages.usages(place, echoes, near),
        definitions.SOURCE: lambda: definitions.definitions(place, lookup, echoes, near),
        recent_edits.SOURCE: lambda: recent_edits.recent_edits(place, edits),
        open_tabs.SOURCE: lambda: open_tabs.open_tabs(place, others, known.seen),
        siblings.SOURCE: lambda: siblings.siblings(lookup, own),
        similar.SOURCE: lambda: similar.similar(place, lookup, near, known.seen, known.likeness),
    }
    return {
        name: make() for name, make in made.items() if name not in without and (only is None or name in only)
    }


def shown_path(document: Document, roots: Sequence[Path]) -> str:
    """A document's path relative to the workspace folder that it is in, with `/`; else its name."""
    if document.path is None:
        return document.uri.rsplit("/", 1)[-1]
    root = next((root for root in roots if document.path.is_relative_to(root)), None)
    return document.path.relative_to(root).as_posix() if root else document.path.name
