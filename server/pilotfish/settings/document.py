"""The settings' documentation, made from the classes that are the settings.

`python -m pilotfish.settings.document` writes docs/configuration.md anew; with `--check` it only tells
whether the file is current. Both work from the repository's root.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pilotfish.settings.key import Place, Trust, places
from pilotfish.settings.model import Settings
from pilotfish.settings.value import form

PATH = Path("docs") / "configuration.md"

_PREFACE = """\
# Configuration

<!-- Generated from server/pilotfish/settings/ by `make generate`; do not edit. -->

pilotfish works without any settings. What you do set may stand in these places; a later one wins:

1. your own file: `~/.config/pilotfish/config.toml` on Linux (`$XDG_CONFIG_HOME` is honoured),
   `~/Library/Application Support/pilotfish/config.toml` on macOS,
   `%LOCALAPPDATA%\\pilotfish\\config.toml` on Windows;
2. `.pilotfish.toml` in a workspace folder. It came with the repository, so it is believed only as far as the
   last column of each table says; what else it says is reported and ignored, unless your own file names the
   folder in `privacy.trusted_folders`;
3. `initializationOptions`, which the editor sends at start;
4. `workspace/configuration`, section `pilotfish`, which the editor is asked for later.

A value that cannot be used is named in the log with its full path, and all the others are used. Names are the
same in all places; in an editor's JSON the first example reads
`{"completion": {"min_confidence": 0.7}, "index": {"exclude": ["vendor/"]}}`.

```toml
[completion]
min_confidence = 0.7

[index]
exclude = ["vendor/"]
```

A model server of your own beside the embedded engine, asked where the engine is not sure:

```toml
backend = ["embedded", "local"]

[backends.local]
kind = "llama.cpp"
url = "http://127.0.0.1:8080"
```

For a service that is [known by name](backends.md), `backend = ["embedded", "deepseek"]` and its key in the
environment are enough.
"""


def markdown() -> str:
    """The text of docs/configuration.md."""
    return "\n".join([_PREFACE.rstrip(), *_section(Settings), ""])


def main(arguments: Sequence[str]) -> int | str:
    """Write the file, or with `--check` compare it; a string is a complaint, as `sys.exit` takes it."""
    current = markdown()
    if "--check" not in arguments:
        PATH.write_text(current, encoding="utf-8", newline="\n")
    elif not PATH.exists() or PATH.read_text(encoding="utf-8") != current:
        return f"{PATH} is not current: run `make generate`"
    return 0


def _section(settings: type[Any], path: str = "") -> Iterator[str]:
    """One table of keys with its heading, then the tables below it."""
    known = places(settings).values()
    yield f"\n## `[{path}]`\n" if path else "\n## Top level\n"
    yield f"{settings.__doc__}\n"
    yield "| Key | Value | Default | Meaning | A workspace's file may |"
    yield "|---|---|---|---|---|"
    yield from (_row(place) for place in known if not (place.table or place.named_tables))
    for place in known:
        below = f"{path}.{place.name}" if path else place.name
        if place.table:
            yield from _section(place.table, below)
        elif place.named_tables:
            yield from _section(place.named_tables, f"{below}.<name>")


def _row(place: Place) -> str:
    default = "" if place.default in ("", {}, ()) else f"`{json.dumps(place.default)}`"
    cells = (f"`{place.name}`", _value(place), default, place.key.meaning, _workspace_may(place))
    return f"| {' | '.join(cells)} |"


def _value(place: Place) -> str:
    if place.is_list:
        return f"list of strings, each {place.key.form}" if place.key.form else "list of strings"
    return form(place.type, place.key)


def _workspace_may(place: Place) -> str:
    tighten = {bool: ("switch it off", "switch it on"), int: ("lower it", "raise it")}
    lower, raise_ = tighten.get(place.type, ("shorten it", "add to it"))
    return {
        Trust.ANYONE: "set it",
        Trust.LOWER: f"only {lower}",
        Trust.RAISE: f"only {raise_}",
        Trust.USER: "not set it",
        Trust.USER_FILE: "not set it, nor may the editor",
    }[place.key.trust]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
