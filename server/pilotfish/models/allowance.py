"""A bound on what a service may cost: so much a day, over all editors and sessions of this user.

A question is counted before it is sent, with the longest answer that it asks for, and set right afterwards:
by the service's own count where it told one, else by bytes / 4 of what came. So the bound holds whatever
happens in between; two processes that ask in the same instant may go beyond it by one question. The day is
the user's own, from midnight to midnight.

The count is a file of lines for each day, which any number of processes append to: the backend's name, and
how many tokens more or less were sent and received.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError, IndexFault, NoCredit
from pilotfish.models.usage import Usage
from pilotfish.platform.paths import make_private

if TYPE_CHECKING:
    from pilotfish.settings.model import BackendSettings

_MILLION = 1_000_000


class Allowance:
    """What one backend may use a day.

    Args:
        folder: where the days' files lie.
        name: what the settings call the backend.
        settings: its table, which says the bounds and the prices; without bounds nothing is counted.
        today: the user's own day.

    Raises:
        BackendError: a cost is bounded that nobody can know, because there are no prices.
    """

    def __init__(
        self, folder: Path, name: str, settings: BackendSettings, today: Callable[[], date] = date.today
    ) -> None:
        if settings.daily_cost and not settings.price_per_million_input + settings.price_per_million_output:
            raise BackendError(
                f"backend {name!r}: `daily_cost` cannot be held without prices. Say what its tokens cost: "
                f"`backends.{name}.price_per_million_input` and `price_per_million_output`."
            )
        self._folder = folder
        self._name = name
        self._settings = settings
        self._today = today
        self._day = ""
        self._read_bytes = 0
        self._used = Usage()

    @property
    def is_bounded(self) -> bool:
        """Whether there is anything to count."""
        return bool(self._settings.daily_tokens or self._settings.daily_cost)

    def reserve(self, most: Usage) -> None:
        """Count a question that is about to be sent, and the longest answer to it.

        Raises:
            NoCredit: it would go beyond a bound; nothing was counted.
            BackendError: the count cannot be kept, so nothing must be sent.
        """
        if not self.is_bounded:
            return
        try:
            self._catch_up()
            self._check(most)
            self._write(most)
        except (OSError, IndexFault) as error:
            raise BackendError(
                f"{self._name} is not asked, since its tokens cannot be counted in {self._folder} ({error})."
            ) from error

    def settle(self, reserved: Usage, used: Usage) -> None:
        """Set right what was counted beforehand. If that fails, what is counted is rather too much."""
        correction = Usage(
            used.sent_tokens - reserved.sent_tokens, used.received_tokens - reserved.received_tokens
        )
        if self.is_bounded and correction != Usage():
            try:
                self._write(correction)
            except OSError:
                return

    def _check(self, more: Usage) -> None:
        """Refuse what goes beyond a bound."""
        bounds, name = self._settings, self._name
        tokens, used = (each.sent_tokens + each.received_tokens for each in (more, self._used))
        if bounds.daily_tokens and used + tokens > bounds.daily_tokens:
            raise NoCredit(
                f"{name} has used {used:,} of its {bounds.daily_tokens:,} tokens of today, and would use "
                f"{tokens:,} more. Raise `backends.{name}.daily_tokens`, or wait until midnight."
            )
        cost, spent = self._cost(more), self._cost(self._used)
        if bounds.daily_cost and spent + cost > bounds.daily_cost:
            raise NoCredit(
                f"{name} has cost {spent:.4g} of its {bounds.daily_cost:g} of today, and would cost "
                f"{cost:.2g} more. Raise `backends.{name}.daily_cost`, or wait until midnight."
            )

    def _cost(self, usage: Usage) -> float:
        """In the user's currency."""
        sent = usage.sent_tokens * self._settings.price_per_million_input
        return (sent + usage.received_tokens * self._settings.price_per_million_output) / _MILLION

    def _catch_up(self) -> None:
        """Read what was counted since the last time, by whoever counted it."""
        day = self._today().isoformat()
        if day != self._day:
            self._day, self._read_bytes, self._used = day, 0, Usage()
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
        sent, received = self._used.sent_tokens, self._used.received_tokens
        for line in whole.splitlines():
            try:
                name, more_sent, more_received = json.loads(line)
                if name == self._name:
                    sent, received = sent + int(more_sent), received + int(more_received)
            except (ValueError, TypeError):
                continue  # somebody else's hand was in it
        self._used = Usage(sent, received)

    def _write(self, usage: Usage) -> None:
        """Append in one write, which other processes' lines cannot come between."""
        line = json.dumps([self._name, usage.sent_tokens, usage.received_tokens]).encode() + b"\n"
        descriptor = os.open(self._path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def _path(self) -> Path:
        return self._folder / f"{self._day}.tokens"
