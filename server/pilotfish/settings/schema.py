"""The settings as a JSON schema: for completion in `.pilotfish.toml`, and for editors' extensions."""

from __future__ import annotations

from typing import Any

from pilotfish.settings.key import Key, Place, places
from pilotfish.settings.model import Settings

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema(settings: type[Any] = Settings) -> dict[str, Any]:
    """The schema of one settings class and everything below it."""
    return {
        "type": "object",
        "description": settings.__doc__,
        "additionalProperties": False,
        "properties": {name: _property(place) for name, place in places(settings).items()},
    }


def _property(place: Place) -> dict[str, Any]:
    if place.table:
        return schema(place.table)
    if place.named_tables:
        return {"type": "object", "additionalProperties": schema(place.named_tables)}
    described = {"description": place.key.meaning, "default": place.default}
    if place.is_list:
        items = {"type": "string"} | _limits(str, place.key)
        return described | {"type": ["array", "string"], "items": items, "default": list(place.default)}
    return described | {"type": _TYPES.get(place.type, "object")} | _limits(place.type, place.key)


def _limits(kind: Any, key: Key) -> dict[str, Any]:
    if kind in (int, float):
        return {"minimum": key.minimum, "maximum": key.maximum}
    limits: dict[str, Any] = {"enum": list(key.choices)} if key.choices else {}
    return limits | ({"pattern": f"^(?:{key.pattern})$"} if key.pattern else {})
