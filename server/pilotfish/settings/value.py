"""Whether a key accepts a value: it may come from a stranger's file, or from an editor in Lua or Lisp."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pilotfish.settings.key import Key

_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{0,4096}")
_QUOTED_CHARS = 40
_LARGEST_QUOTED = 10**15  # beyond it Python may refuse to spell an integer


def read_value(kind: Any, key: Key, raw: object) -> Any:
    """The value as `kind`, which is bool, int, float, str or a mapping of anything.

    Raises:
        ValueError: "must be …, got …"; without the latter where the value may hold a secret.
    """
    value = _convert(kind, key, raw)
    if value is None:
        raise ValueError(f"must be {form(kind, key)}" + (f", got {quoted(raw)}" if key.quotable else ""))
    return value


def form(kind: Any, key: Key) -> str:
    """What is accepted, in words that follow "must be"."""
    if kind is bool:
        return "true or false"
    if kind in (int, float):
        noun = "a whole number" if kind is int else "a number"
        return (
            f"{noun} from {key.minimum:.0f} to {key.maximum:.0f}" if _bounded(key) else f"{noun}, 0 or more"
        )
    if kind is str:
        return key.form or (f"one of {', '.join(key.choices)}" if key.choices else "a string of one line")
    return "a table"


def quoted(raw: object) -> str:
    """A value for a message: short, on one line, printable, whatever the value is."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, str):
        return repr(raw if len(raw) <= _QUOTED_CHARS else raw[:_QUOTED_CHARS] + "…")
    if isinstance(raw, float) or (isinstance(raw, int) and abs(raw) < _LARGEST_QUOTED):
        return str(raw)
    names = {int: "a huge number", dict: "a table", list: "a list", type(None): "nothing"}
    return names.get(type(raw), f"a {type(raw).__name__}")


def _bounded(key: Key) -> bool:
    return key.maximum < Key("").maximum


def _convert(kind: Any, key: Key, raw: object) -> Any | None:
    if kind is bool:
        return raw if isinstance(raw, bool) else None
    if kind is str:
        return raw if isinstance(raw, str) and _fits(raw, key) else None
    if kind in (int, float):
        # Comparing also keeps out NaN; a whole number may arrive as 150.0 from Lua and JavaScript.
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not key.minimum <= raw <= key.maximum:
            return None
        return float(raw) if kind is float else int(raw) if raw == int(raw) else None
    return dict(raw) if isinstance(raw, Mapping) else None


def _fits(text: str, key: Key) -> bool:
    return (
        _ONE_LINE.fullmatch(text) is not None
        and (not key.choices or text in key.choices)
        and (not key.pattern or re.fullmatch(key.pattern, text) is not None)
    )
