"""The words that names are made of."""

from __future__ import annotations

import re

_LETTER = r"[^\W\d_A-Z]"
"""Any but A to Z: an Ö inside a word does not begin another one."""

_PART = re.compile(rf"[A-Z]+(?!{_LETTER})|[A-Z]?{_LETTER}+|\d+")


def parts_of(name: str) -> list[str]:
    """In lower case, of two signs or more: `getRayBundle` and `get_ray_bundle` → get, ray, bundle."""
    return [part.lower() for part in _PART.findall(name) if len(part) > 1]
