"""Other people's servers, as data: what each wants to find in its home before it asks our stub model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pilotfish.errors import InputError

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Peer:
    """How to make a server ask a model at an address that it is not told over the protocol.

    Attributes:
        mark: what a command line has in it that starts this server.
        file: its settings, below its home.
        variants: the text of that file by name; `{url}` is the model's address.
        settle_s: how long it needs after its start to find its model.
    """

    mark: str
    file: str
    variants: Mapping[str, str]
    settle_s: float

    def prepare(self, variant: str, home: Path, url: str) -> dict[str, str]:
        """Write its settings; the environment that makes it find them.

        Raises:
            InputError: it has no such variant.
        """
        if variant not in self.variants:
            raise InputError(f"{self.mark} comes as {' or '.join(self.variants)}, not as {variant!r}")
        path = home / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.variants[variant].format(url=url), encoding="utf-8")
        return {"HOME": str(home), "USERPROFILE": str(home)}


_TABBY = """[server]
endpoint = "{url}"
[anonymousUsageTracking]
disable = true
[logs]
level = "silent"
"""
_TABBY_WITHOUT_WAITING = (
    _TABBY
    + """[completion.debounce]
mode = "fixed"
interval = 0
"""
)

PEERS = (
    Peer(
        "tabby-agent",
        ".tabby-client/agent/config.toml",
        {SHIPPED: _TABBY, "no-debounce": _TABBY_WITHOUT_WAITING},
        settle_s=1.5,
    ),
)


def peer_of(command: Sequence[str]) -> Peer | None:
    """Which of them a command starts, if any."""
    line = " ".join(command)
    return next((peer for peer in PEERS if peer.mark in line), None)
