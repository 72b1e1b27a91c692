"""Where a name that a file uses comes from, as the file's imports say it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from pilotfish.actions.spot import Spot

_QUALIFIER = re.compile(r"::|\.")
_PARTS = re.compile(r"^\.+|[^.:/]+")
_OWN = frozenset({"crate", "self", "super"})


class Origin(NamedTuple):
    """Where a name comes from.

    Attributes:
        name: there.
        module: its parts, the dots of a relative one first; empty where nothing is said of it.
        is_imported: whether an import says so; else it is a qualifier, perhaps a class around it.
    """

    name: str
    module: list[str]
    is_imported: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether it cannot be in this very file."""
        return self.is_imported and self.module[0] not in _OWN

    def may_be_in(self, path: str) -> bool:
        """Whether a file could be meant, by its path."""
        if not self.is_elsewhere or self.module[0].startswith("."):
            return True
        parts = PurePosixPath(path.replace("-", "_")).with_suffix("").parts
        return any(part.replace("-", "_") in parts for part in self.module)


def origin_of(path: str, spot: Spot) -> Origin:
    """Where a name comes from that is written so: `Store`, `store.Store`, `fmt::Display`."""
    *qualifier, name = _QUALIFIER.split(path)
    for each in spot.outline.imports:
        module = _PARTS.findall(each.module)
        if not qualifier and (each.alias or each.name) == name:
            return Origin(each.name, module, is_imported=True)
        if qualifier == module and not each.name:
            return Origin(name, module, is_imported=True)
        if qualifier and (each.alias or each.name or "".join(module[-1:])) == qualifier[0]:
            inner = [each.name] if each.name else []
            return Origin(name, [*module, *inner, *qualifier[1:]], is_imported=True)
    return Origin(name, qualifier, is_imported=False)


def within(module: str, name: str) -> str:
    """A Python name with its module before it, where that can be said from everywhere."""
    return f"{module}.{name}" if module and module[0] != "." and "." not in name else name
