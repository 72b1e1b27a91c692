"""The words that names are made of."""

from __future__ import annotations

import re

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")


def parts_of(name: str) -> list[str]:
    """In lower case, of two signs or more: `getRayBundle` and `get_ray_bundle` → get, ray, bundle."""
    return [part.lower() for part in _PART.findall(name) if len(part) > 1]
