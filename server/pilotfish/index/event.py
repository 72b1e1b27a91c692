"""What the indexer process says, as a line of JSON each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, Literal, TypeAlias, get_args

IndexState: TypeAlias = Literal["building", "ready", "failed", "waiting"]


@dataclass(frozen=True, slots=True)
class IndexEvent:
    """A piece of news about one index.

    Attributes:
        state: `building`; `ready`, until the next change; `failed`, the index is not kept up to date now;
            `waiting`, another process writes this index: what it commits can be read.
        files: `building`: files looked at. `ready`, `waiting`: files in the index.
        total: `building`: files that were found. `ready`: as `files`; `waiting`: likewise, once it is whole.
        generation: `ready`, `waiting`: the newest one that is whole; 0 if there is none yet.
        text: `failed`: why, in a sentence. `ready`: what was left out, in words.
        is_given_up: `failed`: it is not tried again before it is asked for.
        tokens, size_bytes: `ready`: of all segments.
        seconds: `ready`: what the last piece of work took.
        heard: `ready`: the number of the last report of changed files that is in the index.
        noticed: `ready`: changed files, relative to the root, that the server reads as well and that nobody
            told it of: ignore files and settings.
    """

    state: IndexState
    files: int = 0
    total: int = 0
    generation: int = 0
    text: str = ""
    is_given_up: bool = False
    tokens: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    heard: int = 0
    noticed: tuple[str, ...] = ()


def write_event(out: IO[bytes], event: IndexEvent) -> None:
    """Write one event, without what it does not say, and flush. Raises OSError if nobody reads any more."""
    said = {name: getattr(event, name) for name in IndexEvent.__slots__ if getattr(event, name)}
    out.write(json.dumps(said).encode() + b"\n")
    out.flush()


def parse_event(line: bytes) -> IndexEvent | None:
    """One line of the indexer's stdout; None if it is not an event."""
    try:
        said = json.loads(line)
        event = IndexEvent(**{**said, "noticed": tuple(said.get("noticed", ()))})
    except (ValueError, TypeError, AttributeError):
        return None
    return event if event.state in get_args(IndexState) else None
