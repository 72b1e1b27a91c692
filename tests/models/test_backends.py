"""Backends: the scripted one, and the door through which every backend comes."""

from __future__ import annotations

import sys
from contextlib import aclosing
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType
from typing import Any

import pytest

from pilotfish.errors import BackendError, BackendUnavailable
from pilotfish.models import registry
from pilotfish.models.backend import Prompt
from pilotfish.models.echo import EchoBackend
from pilotfish.models.registry import open_backend
from pilotfish.settings.model import BackendSettings


def echo(**options: Any) -> EchoBackend:
    backend = open_backend("demo", BackendSettings(kind="echo", options=options))
    assert isinstance(backend, EchoBackend)
    return backend


async def said(backend: EchoBackend, most: int = 100) -> list[str]:
    pieces: list[str] = []
    async with aclosing(backend.stream(Prompt("a\nlast line", ""))) as stream:
        async for piece in stream:
            pieces.append(piece)
            if len(pieces) == most:
                break
    return pieces


async def test_the_script_is_said_piece_by_piece() -> None:
    assert await said(echo(chunks=["a", "b"])) == ["a", "b"]
    assert await said(echo()) == ["last line"]


async def test_an_endless_stream_is_closed_by_its_reader() -> None:
    backend = echo(chunks=["a"], endless=True)
    assert len(await said(backend, most=5)) == 5
    assert backend.open_streams == 0


@pytest.mark.parametrize("fail_after", [0, 1, 2])
async def test_it_fails_when_it_is_told_to(fail_after: int) -> None:
    backend = echo(chunks=["a", "b"], fail_after=fail_after)
    with pytest.raises(BackendUnavailable, match="demo"):
        await said(backend)
    assert backend.open_streams == 0


@pytest.mark.parametrize(
    "options", [{"chunk": ["a"]}, {"first_ms": "soon"}, {"endless": 1}, {"first_ms": True}]
)
def test_a_bad_script_is_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(BackendError, match=next(iter(options))):
        echo(**options)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(BackendError, match=r"'x'.*'nosuch'.*echo"):
        open_backend("x", BackendSettings(kind="nosuch"))


def test_a_third_party_comes_in_by_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("someone_elses")
    module.Theirs = type("Theirs", (EchoBackend,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "someone_elses", module)
    entries = EntryPoints((EntryPoint("theirs", "someone_elses:Theirs", registry.GROUP),))
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))
    assert type(open_backend("mine", BackendSettings(kind="theirs"))).__name__ == "Theirs"


def test_a_backend_that_cannot_be_imported_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints((EntryPoint("broken", "no_such_module:X", registry.GROUP),))
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))
    with pytest.raises(BackendError, match="no_such_module"):
        open_backend("mine", BackendSettings(kind="broken"))
