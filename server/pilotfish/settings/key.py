"""What is known of one settings key beside its type and default: meaning, bounds, and whom it listens to.

A `Key` stands in the type of a settings field (`Annotated[int, Key("…")]`). Reading, refusing, the
documentation and the JSON schema are all made from it, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints


class Trust(Enum):
    """Whom a key listens to. A workspace's `.pilotfish.toml` was written by whoever wrote the repository."""

    ANYONE = "the user, the editor and the workspace's file"
    LOWER = "the user and the editor; the workspace's file may only lower it or switch it off"
    RAISE = "the user and the editor; the workspace's file may only switch it on or add to it"
    USER = "the user and the editor, never the workspace's file"
    USER_FILE = "the user's own file only"


@dataclass(frozen=True, slots=True)
class Key:
    """Facts about one key.

    Attributes:
        meaning: what it does, in sentences for the user.
        trust: whom it listens to.
        minimum: the smallest number that is accepted.
        maximum: the largest number that is accepted. Every number has both, which also keeps NaN out.
        choices: the only strings that are accepted; empty where any is.
        pattern: a regular expression that a string, or each string of a list, matches from start to end.
        form: the pattern in words, for "must be …".
        quotable: whether a bad value may be repeated in a message; False where it may hold a secret.
    """

    meaning: str
    trust: Trust = Trust.USER
    minimum: float = 0
    maximum: float = 2**53
    choices: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    quotable: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """One field of a settings class: its name, its type without `Annotated`, its key and its default."""

    name: str
    type: Any
    key: Key
    default: Any

    @property
    def table(self) -> Any:
        """The settings class where the field is a table of its own, else None."""
        return self.type if is_dataclass(self.type) else None

    @property
    def named_tables(self) -> Any:
        """The settings class of each where the field holds tables by names of the user's own, else None."""
        values = get_args(self.type)[1:] if get_origin(self.type) is Mapping else ()
        return values[0] if values and is_dataclass(values[0]) else None

    @property
    def is_list(self) -> bool:
        """Whether the field is a list of strings."""
        return get_origin(self.type) is tuple


def places(settings: type[Any]) -> dict[str, Place]:
    """The fields of a settings class by name, in the order in which they are written down."""
    return {place.name: place for place in _read(settings)}


def _read(settings: type[Any]) -> Iterator[Place]:
    hints = get_type_hints(settings, include_extras=True)
    defaults = settings()
    for entry in fields(settings):
        hint, key = hints[entry.name], Key("")
        if hasattr(hint, "__metadata__"):
            key, hint = hint.__metadata__[0], get_args(hint)[0]
        default = getattr(defaults, entry.name)
        yield Place(entry.name, hint, key, default)
