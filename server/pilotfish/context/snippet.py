"""A piece of code that may go into a prompt, and what was gathered of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LATE = "late"
"""How the reason begins why a source was left out that was not done in time."""


def utf8_bytes(text: str) -> int:
    """How many bytes a text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class Heading(NamedTuple):
    """The line that says what a snippet stands in: the first line of its class, for example."""

    line: int
    text: str


class Snippet(NamedTuple):
    """Lines of one file: a block of them, or a single one that tells of a name.

    Attributes:
        path: relative to the workspace where the file is in it, with `/`.
        start_line: number of its first line, from 0.
        text: whole lines in the order of the file, each with its end. Those of a block follow on one another;
            an outline leaves some out, and says the head of a definition in one line. Empty for what only
            speaks for its subject.
        source: the name of the source that found it, for example `open_tabs`; joined with `+` where several
            did.
        score: within one source about 0 to 2; of what was chosen, that of the ranking.
        subject: the name that the line tells of; empty for a block.
        heading: what the line stands in.
    """

    path: str
    start_line: int
    text: str
    source: str
    score: float
    subject: str = ""
    heading: Heading | None = None

    def scored(self, score: float) -> Snippet:
        """The same with another score."""
        return Snippet(self.path, self.start_line, self.text, self.source, score, self.subject, self.heading)

    @property
    def tokens(self) -> int:
        """Estimated tokens: UTF-8 bytes / 4, rounded up."""
        return -(-utf8_bytes(self.text) // 4)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken: a whole source (`what` is its name) or a snippet, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """The snippets chosen for one position, in the order in which the prompt shows them.

    Attributes:
        snippets: what was chosen.
        left_out: what was not, and why.
        spent_ms: how long each source took.
    """

    snippets: tuple[Snippet, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    spent_ms: tuple[tuple[str, float], ...] = ()

    @property
    def tokens(self) -> int:
        """Estimated tokens of all snippets."""
        return sum(snippet.tokens for snippet in self.snippets)

    @property
    def late(self) -> list[str]:
        """The sources that were not done in time."""
        return [f"{left.what} {left.reason}" for left in self.left_out if left.reason.startswith(LATE)]
