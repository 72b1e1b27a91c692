"""Where results go: a file, or stdout for `-`; and how things are said on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from pilotfish.errors import InputError


class Output(Console):
    """A console whose reader may leave early (`| head`), which `cli.main` knows what to do about."""

    def on_broken_pipe(self) -> None:
        """Let it be known, where rich would leave with the exit code of a missed threshold."""
        raise BrokenPipeError


def output(*destinations: str | None) -> Console:
    """The console for what a person reads: stdout, but stderr where stdout is one of `destinations` (`-`)."""
    return Output(stderr="-" in destinations, highlight=False)


def warn(sentence: object) -> None:
    """Say on stderr what went wrong although the command goes on."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print(f"pilotfish: {sentence}", style="yellow")


def check_destination(destination: str | None) -> None:
    """Find out before the work, not after it, that there is no place for its result.

    Raises:
        InputError: no file can be written there.
    """
    if destination is None or destination == "-":
        return
    path = Path(destination)
    try:
        if path.is_dir():
            raise InputError(f"{destination} cannot be written: it is a folder")
        if not path.parent.is_dir():
            raise InputError(f"{destination} cannot be written: no such folder")
    except OSError as error:
        raise _not_written(destination, error) from error


def write_json(destination: str, value: Any) -> None:
    """Write `value` as JSON to the path `destination`, or to stdout if it is `-`.

    Raises:
        InputError: the file cannot be written.
    """
    write_text(destination, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(destination: str, text: str) -> None:
    """Write `text` to the path `destination`, or to stdout if it is `-`.

    What stands for the bytes of a file's name that is not UTF-8 is written as an escape, which JSON has too.

    Raises:
        InputError: the file cannot be written.
    """
    data = text.encode(errors="backslashreplace")
    if destination == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(destination).write_bytes(data)
    except OSError as error:
        raise _not_written(destination, error) from error


def _not_written(destination: str, error: OSError) -> InputError:
    return InputError(f"{destination} cannot be written: {error.strerror or error}")
