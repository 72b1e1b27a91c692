"""The setting `privacy.audit` reaches the door to other machines, and takes effect when it is changed."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from pilotfish.errors import BackendError, PilotfishError
from pilotfish.models.backend import Backend, Prompt
from pilotfish.platform.paths import audit_file
from pilotfish.session.backends import Backends
from pilotfish.settings.model import BackendSettings, PrivacySettings, Settings

# Refused before anything is connected: there is no key for it.
FAR = Settings(
    backend=("embedded", "far"),
    backends={"far": BackendSettings(kind="deepseek", url="https://far.example", key_env="NO_SUCH_KEY")},
)


async def ask(backend: Backend) -> None:
    with pytest.raises(BackendError, match="no key for far"):
        async with aclosing(backend.stream(Prompt("def f():\n    ", "\n"))) as pieces:
            await anext(pieces)


async def test_what_leaves_is_recorded_from_when_the_user_asks_for_it() -> None:
    faults: list[PilotfishError] = []
    backends = Backends(faults.append)
    try:
        silent = backends.use(FAR)["far"]
        await ask(silent)
        assert not audit_file().exists()
        recorded = backends.use(replace(FAR, privacy=PrivacySettings(audit=True)))["far"]
        assert recorded is not silent
        await ask(recorded)
        (line,) = audit_file().read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["host"] == "far.example"
        assert backends.use(replace(FAR, privacy=PrivacySettings(audit=True)))["far"] is recorded
    finally:
        await backends.aclose()
    assert faults == []
