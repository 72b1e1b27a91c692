"""Keys on the wire: in one header, to one host, and in no message though a service says them back."""

from __future__ import annotations

import json
import logging
from contextlib import aclosing

import pytest

from pilotfish.errors import BackendError, KeyRefused
from pilotfish.models import service_key
from pilotfish.models.backend import Chat, Message, Prompt
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.presets import PRESETS
from pilotfish.models.service_key import ServiceKey
from pilotfish.models.setup import setup_of
from pilotfish.settings.model import BackendSettings
from tests.models.scripted_http import ScriptedHttp, answering

MARKER = "marker-7f3k9-do-not-show"
SECRET = "sk-" + "a1B2c3D4" * 5
HOLE = Prompt("def f(a):\n    return ", "\n")
TALK = Chat((Message("user", "Hello"),))


async def failure(service: PresetBackend) -> BackendError:
    async with aclosing(service.stream(HOLE if service.abilities.fill else TALK)) as pieces:
        with pytest.raises(BackendError) as error:
            await anext(pieces)
    return error.value


@pytest.mark.parametrize("kind", [kind for kind, preset in PRESETS.items() if preset.key_env])
async def test_a_refused_key_is_not_said_again(
    kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(PRESETS[kind].key_env, MARKER)
    said = {"error": {"message": f"Incorrect key {MARKER}; your prompt: x = '{SECRET}'", "code": 401}}
    http = ScriptedHttp([answering(json.dumps(said).encode(), status=401, content_type="application/json")])
    service = PresetBackend("mine", BackendSettings(kind=kind, model="some-model"), http)
    error = await failure(service)
    assert isinstance(error, KeyRefused)
    assert "Incorrect key (the key)" in str(error)
    for text in (str(error), repr(error), caplog.text):
        assert MARKER not in text
        assert SECRET not in text
    (_, body, headers) = http.asked[-1]
    assert MARKER in headers[PRESETS[kind].key_header]
    assert MARKER not in json.dumps(body)
    assert sum(MARKER in value for value in headers.values()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example",
        "https://api.deepseek.com.elsewhere.example",
        "http://api.deepseek.com",  # without encryption
        "https://api.deepseek.com:8443",
        "https://api.deepseek.com@elsewhere.example",
    ],
)
async def test_the_usual_key_of_a_service_goes_to_the_service_alone(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", MARKER)
    http = ScriptedHttp([answering(b"{}", status=500)])
    service = PresetBackend("mine", BackendSettings(kind="deepseek", url=url), http)
    error = await failure(service)
    assert isinstance(error, KeyRefused)
    assert "There is no key for mine" in str(error)
    assert http.asked == []


@pytest.mark.parametrize(
    ("url", "variable", "was_kept", "is_asked"),
    [
        ("http://127.0.0.1:8080", "", False, False),
        ("http://127.0.0.1:8080", "", True, True),
        ("http://127.0.0.1:8080", "SOME_KEY", False, True),
        ("http://models.example:8080", "", False, True),
    ],
)
async def test_the_keyring_is_not_loaded_for_a_server_of_this_machine_that_never_had_a_key(
    url: str, variable: str, was_kept: bool, is_asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(service_key, "find_key", lambda name, host, variable: asked.append(host))
    monkeypatch.setattr(service_key, "was_kept", lambda host: was_kept)
    setup = setup_of("mine", BackendSettings(kind="llama.cpp", url=url, key_env=variable))
    assert await ServiceKey("mine", setup, is_needed=False).header() == {}
    assert bool(asked) == is_asked
