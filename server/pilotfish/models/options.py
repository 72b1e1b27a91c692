"""Reading `backends.<name>.options` into a dataclass: unknown keys and wrong types are refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from pilotfish.errors import BackendError

T = TypeVar("T")


def read_options(kind: type[T], name: str, options: Mapping[str, Any]) -> T:
    """The options of backend `name`; each is of the type of its default in `kind`.

    Raises:
        BackendError: an unknown key, or a value of the wrong type.
    """
    defaults = kind()
    known = {entry.name: getattr(defaults, entry.name) for entry in fields(defaults)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in options.items():
        if key not in known:
            raise BackendError(
                f"backend {name!r}: there is no option {key!r} (there is: {', '.join(sorted(known))})"
            )
        wanted = type(known[key])
        accepted = {float: (int, float), tuple: (list, tuple), dict: (Mapping,)}.get(wanted, (wanted,))
        if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
            raise BackendError(f"backend {name!r}: option {key!r} cannot be {value!r}")
        values[key] = tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else value
    return kind(**values)
