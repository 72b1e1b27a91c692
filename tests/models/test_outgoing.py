"""The door to other machines: what reaches a remote backend, and what is written down of it."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from pilotfish.errors import BackendError
from pilotfish.models import registry
from pilotfish.models.backend import Backend, Chat, Message, Prompt, PromptPart
from pilotfish.models.echo import EchoBackend
from pilotfish.models.outgoing import Outgoing, redacted, shut, spelled
from pilotfish.models.registry import open_backend
from pilotfish.platform.audit import Audit
from pilotfish.platform.http import Http
from pilotfish.prompt.chat import as_chat
from pilotfish.settings.model import BackendSettings

SECRET = "ghp_" + "a1B2" * 9


class Far(EchoBackend):
    """Stands for a service on another machine; keeps what it was sent."""

    is_remote = True
    url = "https://api.far.example/v1"

    def __init__(self, name: str, settings: BackendSettings, http: Http | None = None) -> None:
        super().__init__(name, settings, http)
        self.sent: list[Prompt | Chat] = []

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        self.sent.append(prompt)
        async with aclosing(super().stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece


def far(monkeypatch: pytest.MonkeyPatch, audit: Audit | None = None) -> tuple[Backend, Far]:
    """A remote backend as everybody gets it, and what is behind the door."""
    entries = EntryPoints((EntryPoint("far", f"{__name__}:Far", registry.GROUP),))
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))
    backend = open_backend("far", BackendSettings(kind="far", options={"chunks": ["a", "b"]}), audit=audit)
    assert isinstance(backend, Outgoing)
    assert isinstance(backend.backend, Far)
    return backend, backend.backend


async def said(backend: Backend, prompt: Prompt | Chat) -> str:
    async with aclosing(backend.stream(prompt)) as pieces:
        return "".join([piece async for piece in pieces])


PROMPTS = [
    Prompt(f'token = "{SECRET[:9]}', f'{SECRET[9:]}"\n', (PromptPart("open_tabs", f"x = '{SECRET}'\n"),)),
    Chat((Message("system", "be brief"), Message("user", f"why does {SECRET} not work?"))),
    Chat((Message("user", f"fill <HOLE/> in '{SECRET[:20]}<HOLE/>{SECRET[20:]}'"),), cursor="<HOLE/>"),
    Prompt("x = 1\n" * 20_000 + SECRET, ""),
]


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_no_secret_reaches_another_machine_or_the_log(
    prompt: Prompt | Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "audit.jsonl"
    backend, behind = far(monkeypatch, Audit(path))
    assert await said(backend, prompt) == "ab"
    (sent,) = behind.sent
    assert type(sent) is type(prompt)
    record = path.read_text(encoding="utf-8")
    for text in (repr(sent), record, caplog.text):
        assert SECRET[-12:] not in text
    assert "<redacted>" in repr(sent)
    entry = json.loads(record)
    assert (entry["backend"], entry["host"]) == ("far", "api.far.example")
    assert entry["redactions"] == (2 if isinstance(prompt, Prompt) and prompt.context else 1)


@pytest.mark.parametrize("prefill", [True, False])
def test_no_half_of_a_secret_is_in_a_conversation_wherever_the_cursor_stands(prefill: bool) -> None:
    text = f"import os\nkey = '{SECRET}'\nuse(key)\n"
    for cursor in range(text.index("key"), len(text) + 1):
        chat = as_chat(Prompt(text[:cursor], text[cursor:], path="a.py", language="python"), prefill=prefill)
        safe, _ = redacted(chat)
        assert isinstance(safe, Chat)
        assert [turn.role for turn in safe.messages] == [turn.role for turn in chat.messages]
        sent = spelled(safe)
        assert not any(SECRET[start : start + 8] in sent for start in range(len(SECRET) - 8)), cursor
        assert "import os" in sent
        if cursor > text.index("use"):
            assert safe.messages[-1] == chat.messages[-1] or not prefill


def test_the_record_tells_of_all_texts() -> None:
    assert spelled(Prompt("before", "after", (PromptPart("tab", "other\n"),), path="a.py")) == (
        "other\n[a.py]\nbefore█after"
    )
    assert spelled(Chat((Message("system", "be"), Message("user", "say")))) == "[system] be\n[user] say"


async def test_what_cannot_be_recorded_is_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    backend, behind = far(monkeypatch, Audit(tmp_path / "state" / "audit.jsonl"))
    with pytest.raises(BackendError, match="Nothing is sent"):
        await said(backend, Prompt("a", "b"))
    assert behind.sent == []


async def test_closing_the_stream_closes_the_one_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    backend, behind = far(monkeypatch)
    async with aclosing(backend.stream(Prompt("a", ""))) as pieces:
        assert await anext(pieces) == "a"
        assert behind.open_streams == 1
    assert behind.open_streams == 0


def test_a_local_backend_needs_no_door() -> None:
    assert isinstance(open_backend("demo", BackendSettings(kind="echo")), EchoBackend)


async def test_texts_to_be_embedded_go_through_the_same_door(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    audit = Audit(tmp_path / "audit.jsonl")
    backend, behind = far(monkeypatch, audit)
    sent: list[Sequence[str]] = []

    async def embed(texts: Sequence[str]) -> list[list[float]]:
        sent.append(texts)
        return [[1.0] for _ in texts]

    monkeypatch.setattr(behind, "embed", embed, raising=False)
    assert isinstance(backend, Outgoing)
    assert await backend.embed(["plain", f"x = '{SECRET}'"]) == [[1.0], [1.0]]
    assert sent == [["plain", "x = '<redacted>'"]]
    assert json.loads((tmp_path / "audit.jsonl").read_text())["text"] == "plain\nx = '<redacted>'"


@pytest.mark.parametrize(("is_shut", "expected"), [(False, 1), (True, 0)])
async def test_who_leaves_an_answer_will_ask_again(
    monkeypatch: pytest.MonkeyPatch, is_shut: bool, expected: int
) -> None:
    backend, behind = far(monkeypatch)
    told: list[bool] = []
    monkeypatch.setattr(behind, "expect", lambda: told.append(True), raising=False)
    assert await said(backend, Prompt("a", "")) == "ab"
    assert told == []
    async with aclosing(backend.stream(Prompt("a", ""))) as pieces:
        await anext(pieces)
        shut(backend, is_shut=is_shut)
    assert len(told) == expected
