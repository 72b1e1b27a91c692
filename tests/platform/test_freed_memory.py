import ctypes
import sys
from types import SimpleNamespace

import pytest

from pilotfish.platform.freed_memory import freed_memory_kept


def test_freed_memory_is_kept_meanwhile_and_given_back_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    library = SimpleNamespace(
        mallopt=lambda *_: said.append("keep"), malloc_trim=lambda _: said.append("give back")
    )
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    with freed_memory_kept():
        said.append("work")
    assert said == ["keep", "keep", "work", "give back"]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_elsewhere_nothing_is_changed(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())  # As with another C library.
    with freed_memory_kept():
        pass
