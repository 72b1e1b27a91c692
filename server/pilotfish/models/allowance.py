"""A bound on what a service may cost: so many tokens a day, over all editors and sessions of this user.

Tokens are bytes / 4, sent and received: an answer that is left early never comes to the service's own count.
The count is a file of lines for each day, which any number of processes append to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pilotfish.errors import BackendError, IndexFault, NoCredit
from pilotfish.platform.paths import make_private


class Allowance:
    """What one backend may use a day.

    Args:
        folder: where the days' files lie.
        name: what the settings call the backend.
        daily_tokens: the bound; 0 is none, and then nothing is counted.
        today: the user's own day.
    """

    def __init__(
        self, folder: Path, name: str, daily_tokens: int, today: Callable[[], date] = date.today
    ) -> None:
        self._folder = folder
        self._name = name
        self._daily_tokens = daily_tokens
        self._today = today
        self._day = ""
        self._read_bytes = 0
        self._used_tokens = 0

    def spend(self, text: str) -> None:
        """Count a text that is about to be sent.

        Raises:
            NoCredit: the bound is reached; nothing was counted.
            BackendError: the count cannot be kept, so nothing must be sent.
        """
        if not self._daily_tokens:
            return
        try:
            self._catch_up()
            if self._used_tokens >= self._daily_tokens:
                raise NoCredit(
                    f"{self._name} has used its {self._daily_tokens:,} tokens of today. "
                    f"Raise `backends.{self._name}.daily_tokens`, or wait until midnight."
                )
            self._write(_tokens(text))
        except (OSError, IndexFault) as error:
            raise BackendError(
                f"{self._name} is not asked, since its tokens cannot be counted in {self._folder} ({error})."
            ) from error

    def add(self, text: str) -> None:
        """Count a text that has come. It was paid for already: a count that fails is left."""
        if self._daily_tokens and text:
            try:
                self._write(_tokens(text))
            except OSError:
                return

    def _catch_up(self) -> None:
        """Read what was counted since the last time, by whoever counted it."""
        day = self._today().isoformat()
        if day != self._day:
            self._day, self._read_bytes, self._used_tokens = day, 0, 0
            for old in make_private(self._folder).glob("*.tokens"):
                if old.stem < day:
                    old.unlink(missing_ok=True)
        path = self._path()
        if not path.exists():
            return
        with path.open("rb") as file:
            file.seek(self._read_bytes)
            whole, _, _ = file.read().rpartition(b"\n")
        self._read_bytes += len(whole) + bool(whole)
        for line in whole.splitlines():
            try:
                name, tokens = json.loads(line)
                self._used_tokens += int(tokens) if name == self._name else 0
            except (ValueError, TypeError):
                continue  # somebody else's hand was in it

    def _write(self, tokens: int) -> None:
        """Append in one write, which other processes' lines cannot come between."""
        line = json.dumps([self._name, tokens]).encode() + b"\n"
        descriptor = os.open(self._path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def _path(self) -> Path:
        return self._folder / f"{self._day}.tokens"


def _tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "replace")) // 4)
