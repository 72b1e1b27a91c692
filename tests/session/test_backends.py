"""The session's backends: who is opened, and what is loaded before the first question."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pilotfish.errors import PilotfishError
from pilotfish.models.presets import PRESETS
from pilotfish.platform.http import Http
from pilotfish.session.backends import Backends
from pilotfish.settings.model import BackendSettings, NetworkSettings, Settings


def settings(kind: str, **table: object) -> Settings:
    return Settings(backend=("embedded", "x"), backends={"x": BackendSettings(kind=kind, **table)})  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "loads"), [("llama.cpp", [False]), ("deepseek", [True]), ("echo", [])])
async def test_what_the_first_question_would_wait_for_is_loaded_before(
    kind: str, loads: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    async def warm_up(self: Http, *, secure: bool) -> None:
        loaded.append(secure)

    monkeypatch.setattr(Http, "warm_up", warm_up)
    faults: list[PilotfishError] = []
    backends = Backends(faults.append)
    for _ in range(2):
        assert set(backends.use(settings(kind))) == {"x"}
    await backends.aclose()
    assert (loaded, faults) == (loads, [])


async def test_a_certificate_that_cannot_be_read_is_no_trouble_before_it_is_needed() -> None:
    faults: list[PilotfishError] = []
    backends = Backends(faults.append)
    network = NetworkSettings(client_certificate="/no/such/file.pem")
    backends.use(Settings(backend=("llama.cpp",), network=network))
    await backends.aclose()
    assert faults == []


async def test_who_is_asked_when_another_is_late_is_opened_too() -> None:
    faults: list[PilotfishError] = []
    backends = Backends(faults.append)
    tables = {"x": BackendSettings(kind="echo", hedge_with="y"), "y": BackendSettings(kind="echo")}
    assert set(backends.use(Settings(backend=("x",), backends=tables))) == {"x", "y"}
    assert set(backends.use(Settings(backend=("y",), backends=tables))) == {"y"}
    await backends.aclose()
    assert faults == []


async def test_a_key_in_the_environment_is_no_reason_to_ask_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for preset in PRESETS.values():
        if preset.key_env:
            monkeypatch.setenv(preset.key_env, "sk-test")
    faults: list[PilotfishError] = []
    backends = Backends(faults.append)
    assert backends.use(Settings()) == {}
    assert backends._http is None
    await backends.aclose()
    assert faults == []


def test_a_start_without_models_imports_nothing_of_them() -> None:
    code = (
        "import sys; from pilotfish.session.backends import Backends;"
        "from pilotfish.settings.model import Settings;"
        "backends = Backends(print); settings = Settings();"
        "loads = [backends.must_load(settings), backends.use(settings), 'httpx' in sys.modules];"
        "far = Settings(backend=('deepseek',));"
        "sys.exit(loads != [False, {}, False] or not backends.must_load(far))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_what_backends_need_is_imported_in_a_thread_and_once() -> None:
    backends, applied = Backends(print), []
    await backends.load(settings("echo"), lambda: applied.append(1))
    assert not backends.must_load(settings("echo"))
    await backends.load(settings("echo"), lambda: applied.append(2))
    await backends.aclose()
    assert 2 not in applied
