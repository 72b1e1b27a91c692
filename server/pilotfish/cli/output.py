"""Where results go: a file, or stdout for `-`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pilotfish.errors import InputError


def check_destination(destination: str | None) -> None:
    """Find out before the work, not after it, that there is no place for its result.

    Raises:
        InputError: no file can be written there.
    """
    if destination is None or destination == "-":
        return
    path = Path(destination).absolute()
    if path.is_dir():
        raise InputError(f"{destination} cannot be written: it is a folder")
    if not path.parent.is_dir():
        raise InputError(f"{destination} cannot be written: no such folder")


def write_json(destination: str, value: Any) -> None:
    """Write `value` as JSON to the path `destination`, or to stdout if it is `-`.

    Raises:
        InputError: the file cannot be written.
    """
    write_text(destination, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(destination: str, text: str) -> None:
    """Write `text` to the path `destination`, or to stdout if it is `-`.

    Raises:
        InputError: the file cannot be written.
    """
    if destination == "-":
        sys.stdout.buffer.write(text.encode())
        return
    try:
        Path(destination).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{destination} cannot be written: {error.strerror or error}") from error
