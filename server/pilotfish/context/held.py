"""What was found for the regions of documents, held for as long as it would be found again."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet

ALIKE = 0.85
"""What was found for a region still counts while so many of the lines in and around it are the same."""

_MOST_REGIONS = 64


@dataclass(slots=True)
class Around:
    """What is known of one region.

    Attributes:
        found: what each source found for it.
        likeness: how like what it speaks of other names are (`embeddings.Alike`).
    """

    found: dict[str, list[Snippet]] = field(default_factory=dict)
    likeness: dict[str, float] = field(default_factory=dict)


class Regions:
    """What is known of the regions that were asked about lately."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[frozenset[str], Mapping[str, Hashable], Around]] = {}

    def around(self, region: Place, questions: Mapping[str, Hashable], alike: float = ALIKE) -> Around:
        """What still counts for a region; what is found next is to be added to it.

        Args:
            region: of which document, and where.
            questions: on what the answer of each source depends beside the region's lines.
            alike: so many of the lines in and around it must be the same.
        """
        name, lines = (region.document.uri, region.start.line, region.end.line), region.surroundings
        known_lines, asked, around = self._known.pop(name, (lines, questions, Around()))
        if len(lines & known_lines) < alike * max(len(lines), len(known_lines)):
            known_lines, around = lines, Around()
        elif asked != questions:
            for source in [source for source in around.found if asked[source] != questions[source]]:
                del around.found[source]
        self._known[name] = known_lines, questions, around
        if len(self._known) > _MOST_REGIONS:
            del self._known[next(iter(self._known))]
        return around
