"""What holds for every test: no network but loopback, no home directory, nothing of the outer session."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring as real
import pytest
from hypothesis import settings

from tests.keyrings import InMemory

settings.register_profile("pilotfish", deadline=None)  # Speed is never a timed test: machines are busy.
settings.load_profile("pilotfish")

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: what belongs to the person who runs the tests, keys too, stays untouched."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in (
        ("HOME", "."),
        ("USERPROFILE", "."),
        ("LOCALAPPDATA", "local"),
        ("APPDATA", "roaming"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
    ):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def keyring() -> Iterator[InMemory]:
    """A system keyring of the test's own."""
    former = real.get_keyring()
    ring = InMemory()
    real.set_keyring(ring)
    yield ring
    real.set_keyring(former)
