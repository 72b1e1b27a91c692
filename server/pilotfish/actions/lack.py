"""What a type lacks of what it is to implement, and the edit that gives it that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pilotfish.actions.bases import Member
from pilotfish.text.edit import Edit


class Lack(NamedTuple):
    """Members that a type lacks.

    Attributes:
        base: whose they are, as it is written; empty where that goes without saying.
        members: in the base's order.
        edit: writes a stub of each.
        is_said: whether the code says that the type has this base; else it is a guess by what it has.
    """

    base: str
    members: Sequence[Member]
    edit: Edit
    is_said: bool = True
