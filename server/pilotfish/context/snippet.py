"""A piece of code that may go into a prompt, and what was gathered of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """Consecutive lines of one file.

    Attributes:
        path: relative to the workspace where the file is in it, with `/`.
        start_line: number of its first line, from 0.
        text: whole lines.
        source: the name of the source that found it, for example `open_tabs`.
        score: comparable within one source only.
    """

    path: str
    start_line: int
    text: str
    source: str
    score: float

    @property
    def tokens(self) -> int:
        """Estimated tokens: UTF-8 bytes / 4, rounded up."""
        return -(-len(self.text.encode()) // 4)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken: a whole source (`what` is its name) or a snippet, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """The snippets chosen for one position, in the order in which the prompt shows them."""

    snippets: tuple[Snippet, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def tokens(self) -> int:
        """Estimated tokens of all snippets."""
        return sum(snippet.tokens for snippet in self.snippets)
