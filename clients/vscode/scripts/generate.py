"""The parts of the client that follow from the server: settings, version, services.

`python -m clients.vscode.scripts.generate` writes them anew into `package.json` and `src/generated/`; with
`--check` it only tells whether they are current. Both work from the repository's root.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pilotfish import __version__
from pilotfish.models.presets import PRESETS
from pilotfish.settings.key import Place, Trust, places
from pilotfish.settings.model import Settings

CLIENT = Path("clients") / "vscode"
PACKAGE = CLIENT / "package.json"
RULES = CLIENT / "src" / "generated" / "settings.json"
SERVICES = CLIENT / "src" / "generated" / "services.json"
SECTION = "pilotfish"

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
_RULES = {Trust.ANYONE: "anyone", Trust.LOWER: "lower", Trust.RAISE: "raise", Trust.USER: "user"}
"""Whom a key listens to, as the client names it; keys of the user's file only are none of the editor's."""


def files() -> dict[Path, str]:
    """Each generated file with what belongs in it."""
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    package["version"] = __version__
    contributes = package["contributes"]
    contributes["configuration"] = [contributes["configuration"][0], *_groups()]
    rules = {path: _RULES[place.key.trust] for path, place in _leaves(Settings) if place.key.trust in _RULES}
    return {PACKAGE: _json(package), RULES: _json(rules), SERVICES: _json(services())}


def services() -> list[dict[str, Any]]:
    """What can be chosen by name, with what has to be asked for it."""
    return [
        {
            "name": name,
            "title": preset.title,
            "url": preset.url,
            "key": preset.key_env,
            "needsModel": preset.needs_model and not preset.model,
        }
        for name, preset in PRESETS.items()
    ]


def main(arguments: Sequence[str]) -> int | str:
    """Write the files, or with `--check` compare them; a string is a complaint, as `sys.exit` takes it."""
    for path, text in files().items():
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            return f"{path} is not current: run `make generate`"
    return 0


def _groups() -> Iterator[dict[str, Any]]:
    """The settings as the editor's settings page shows them: a group for each table."""
    groups: dict[str, dict[str, Any]] = {}
    for path, place in _leaves(Settings):
        if place.key.trust in _RULES:
            table = path.partition(".")[0] if "." in path else "who completes"
            groups.setdefault(table.capitalize(), {})[f"{SECTION}.{path}"] = _property(place)
    for title, properties in groups.items():
        yield {"title": title, "properties": properties}


def _leaves(settings: type[Any], above: str = "") -> Iterator[tuple[str, Place]]:
    """Every key with its path; tables of the user's own names are one key, a table."""
    for place in places(settings).values():
        if place.table:
            yield from _leaves(place.table, f"{above}{place.name}.")
        else:
            yield f"{above}{place.name}", place


def _property(place: Place) -> dict[str, Any]:
    is_users = place.key.trust is Trust.USER
    meaning = place.key.meaning or str(place.named_tables.__doc__)
    default = list(place.default) if place.is_list else place.default
    return {
        **_schema(place),
        "default": default,
        "scope": "application" if is_users else "window",
        "markdownDescription": meaning,
    }


def _schema(place: Place) -> dict[str, Any]:
    """What JSON schema says of one key's values."""
    key = place.key
    if place.named_tables:
        return {"type": "object", "additionalProperties": _table(place.named_tables)}
    if isinstance(place.default, Mapping):
        return {"type": "object"}
    if place.is_list:
        kind = ["array", "string"] if place.name == "backend" else "array"
        return {"type": kind, "items": {"type": "string", **_pattern(place)}}
    schema: dict[str, Any] = {"type": _TYPES[place.type], **_pattern(place)}
    if key.choices:
        schema["enum"] = list(key.choices)
    if place.type in (int, float):
        schema |= {"minimum": key.minimum, "maximum": key.maximum}
    return schema


def _pattern(place: Place) -> dict[str, str]:
    if not place.key.pattern:
        return {}
    return {"pattern": f"^(?:{place.key.pattern})$", "patternErrorMessage": f"must be {place.key.form}"}


def _table(settings: type[Any]) -> dict[str, Any]:
    properties = {
        place.name: {**_schema(place), "markdownDescription": place.key.meaning}
        for place in places(settings).values()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
