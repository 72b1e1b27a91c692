import ctypes
import sys
from types import SimpleNamespace

import pytest

from pilotfish.platform.freed_memory import give_freed_memory_back, keep_freed_memory


def test_freed_memory_is_kept_and_then_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    library = SimpleNamespace(
        mallopt=lambda *_: said.append("keep"), malloc_trim=lambda _: said.append("give back")
    )
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    keep_freed_memory()
    assert said == ["keep", "keep"]
    give_freed_memory_back()
    assert said[2:] == ["give back"]
    monkeypatch.delitem(sys.modules, "ctypes")
    give_freed_memory_back()
    assert len(said) == 3


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_elsewhere_nothing_is_changed(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())  # As with another C library.
    keep_freed_memory()
    give_freed_memory_back()
