"""Every preset against its service's documented shapes: the text, however it is cut, and every fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import aclosing

import pytest

from pilotfish.errors import (
    AnswerBroken,
    BackendBusy,
    BackendError,
    BackendUnavailable,
    KeyRefused,
    NoCredit,
    PromptRefused,
)
from pilotfish.models.backend import Chat, Message, Prompt
from pilotfish.models.preset_backend import PresetBackend as Backend
from pilotfish.models.presets import PRESETS
from pilotfish.platform import reply as reply_module
from pilotfish.platform.http import Http
from pilotfish.platform.reply import Deadlines
from pilotfish.settings.model import BackendSettings
from tests.models.documented import SERVICES, TEXT, Shapes
from tests.models.scripted_http import ScriptedHttp, ScriptedReply, answering
from tests.models.stub_server import Exchange, Script, stub_server, until

HOLE = Prompt("def f(a):\n    x = ", "\n    return x\n", path="a.py", language="python")
TALK = Chat((Message("system", "Be short."), Message("user", "Hello")))
BODY_OF_STATUS = {
    401: KeyRefused,
    402: NoCredit,
    404: PromptRefused,
    408: BackendUnavailable,
    413: PromptRefused,
    429: BackendBusy,
    500: BackendUnavailable,
    503: BackendBusy,
    529: BackendBusy,
}

STREAMS = [
    pytest.param(service, asked, stream, id=f"{service.kind}-{name}")
    for service in SERVICES
    for name, asked, stream in (("fill", HOLE, service.fill), ("chat", TALK, service.chat))
    if stream
]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for preset in PRESETS.values():
        if preset.key_env:
            monkeypatch.setenv(preset.key_env, "sk-test")


def backend(service: Shapes, *replies: ScriptedReply) -> tuple[Backend, ScriptedHttp]:
    http = ScriptedHttp(list(replies))
    url = "" if PRESETS[service.kind].url else "http://127.0.0.1:1/v1"
    return Backend("mine", BackendSettings(kind=service.kind, url=url, model=service.model), http), http


def reply(service: Shapes, stream: bytes, cut_at: Iterable[int] = (), **more: object) -> ScriptedReply:
    is_chat = stream not in (service.fill, service.inside)
    content_type = "text/event-stream" if is_chat else service.content_type
    return answering(stream, content_type=content_type, cut_at=cut_at, **more)  # type: ignore[arg-type]


async def said(made: Backend, asked: Prompt | Chat, heard: list[str] | None = None) -> str:
    """The whole answer; `heard` also keeps what came before an error."""
    heard = [] if heard is None else heard
    async with aclosing(made.stream(asked)) as pieces:
        async for piece in pieces:
            heard.append(piece)
    return "".join(heard)


def any_asked(made: Backend) -> Prompt | Chat:
    return HOLE if made.abilities.fill else TALK


def test_every_preset_has_documented_shapes() -> None:
    shown = {service.kind for service in SERVICES}
    variants = {"kimi-cn", "byteplus", "qwen-intl", "zai", "minimax-cn", "codestral"}
    assert shown | variants == set(PRESETS)


@pytest.mark.parametrize(("service", "asked", "stream"), STREAMS)
async def test_the_text_comes_out_however_the_stream_is_cut(
    service: Shapes, asked: Prompt | Chat, stream: bytes
) -> None:
    cuts: list[Iterable[int]] = [range(1, len(stream)), *([at] for at in range(1, len(stream)))]
    made, http = backend(service)
    for cut_at in cuts:
        http.replies = [reply(service, stream, cut_at)]
        assert await said(made, asked) == TEXT
        assert http.open_streams == 0


@pytest.mark.parametrize(("service", "asked", "stream"), STREAMS)
async def test_odd_things_on_the_way_change_nothing(
    service: Shapes, asked: Prompt | Chat, stream: bytes
) -> None:
    """No end mark, keep-alives, events without choices, a content type that is not quite right."""
    bare = stream.replace(b"data: [DONE]", b"")
    noisy = (
        b"\xef\xbb\xbf: hello\n\n\n" + stream
        if stream.startswith((b"data", b":", b"event"))
        else b"\n\n" + stream
    )
    counts = b'data: {"choices": [], "usage": {"total_tokens": 1}}\n\ndata: {"choices": null}\n\n'
    tight = stream.replace(b"data: ", b"data:").replace(b"\n\n", b"\n")
    for odd in (
        bare,
        noisy,
        tight,
        counts + stream if b"choices" in stream and b"data" in stream else stream,
    ):
        for content_type in ("text/event-stream", "application/json", "text/plain; charset=utf-8", ""):
            made, _ = backend(service, answering(odd, content_type=content_type))
            assert await said(made, asked) == TEXT


@pytest.mark.parametrize(("service", "asked", "stream"), STREAMS)
async def test_a_stream_that_breaks_is_an_error_after_what_it_said(
    service: Shapes, asked: Prompt | Chat, stream: bytes
) -> None:
    broken = AnswerBroken("the connection is gone")
    made, http = backend(service, reply(service, stream[: len(stream) // 2], cut_by=broken))
    heard: list[str] = []
    with pytest.raises(AnswerBroken):
        await said(made, asked, heard)
    assert TEXT.startswith("".join(heard))
    assert "".join(heard) != TEXT
    assert http.open_streams == 0


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.kind)
async def test_what_is_no_answer_is_an_error(service: Shapes) -> None:
    for content_type, body in (
        ("text/html", b"<html>Sign in</html>"),
        ("text/event-stream", b""),
        ("text/plain", b"upstream connect error"),
        ("text/event-stream", b'data: {"choices": [{"te'),
    ):
        made, http = backend(service, answering(body, content_type=content_type))
        with pytest.raises(AnswerBroken):
            await said(made, any_asked(made))
        assert http.open_streams == 0


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.kind)
@pytest.mark.parametrize(("status", "kind"), BODY_OF_STATUS.items())
async def test_every_status_has_its_meaning(service: Shapes, status: int, kind: type[BackendError]) -> None:
    for body in (b"", b"not JSON", b'{"error": {"message": "no"}}', b'{"error": "no"}', b'{"detail": "no"}'):
        made, http = backend(service, answering(body, status=status, content_type="application/json"))
        with pytest.raises(BackendError, match=f"mine.*{status}") as caught:
            await said(made, any_asked(made))
        assert type(caught.value) is kind
        assert http.open_streams == 0


@pytest.mark.parametrize(
    ("service", "status", "body", "kind"),
    [(service, *error) for service in SERVICES for error in service.errors],
    ids=lambda value: getattr(value, "kind", None) if isinstance(value, Shapes) else None,
)
async def test_the_service_s_own_errors_are_understood(
    service: Shapes, status: int, body: object, kind: type[BackendError]
) -> None:
    raw = json.dumps(body).encode() if body else b""
    made, _ = backend(service, answering(raw, status=status, content_type="application/json"))
    with pytest.raises(BackendError) as caught:
        await said(made, any_asked(made))
    assert type(caught.value) is kind
    assert "SOURCE" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("service", [one for one in SERVICES if one.inside], ids=lambda service: service.kind)
async def test_an_error_inside_a_successful_answer_is_an_error(service: Shapes) -> None:
    for cut_at in ((), range(1, len(service.inside))):
        made, http = backend(service, reply(service, service.inside, cut_at))
        with pytest.raises(BackendError) as caught:
            await said(made, any_asked(made))
        assert isinstance(caught.value, BackendUnavailable)
        assert http.open_streams == 0


@pytest.mark.parametrize(("service", "asked", "stream"), STREAMS)
async def test_a_reader_that_leaves_closes_the_stream(
    service: Shapes, asked: Prompt | Chat, stream: bytes
) -> None:
    made, http = backend(service, reply(service, stream))
    async with aclosing(made.stream(asked)) as pieces:
        async for _ in pieces:
            break
    assert http.open_streams == 0


class Anywhere(dict[str, Script]):
    """The same script for every path."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script

    def __contains__(self, path: object) -> bool:
        return True

    def __getitem__(self, path: str) -> Script:
        return self._script


async def drip(exchange: Exchange) -> None:
    """A sign of life now and then, and never an answer."""
    await exchange.begin()
    while not exchange.writer.transport.is_closing():
        await exchange.say(b": \n")
        await asyncio.sleep(0.01)


async def flood(exchange: Exchange) -> None:
    """An event without end."""
    await exchange.begin()
    await exchange.say(b'data: {"choices": [{"text": "')
    while not exchange.writer.transport.is_closing():
        await exchange.say(b"x" * 10_000)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.kind)
@pytest.mark.parametrize(("script", "kind"), [(drip, BackendUnavailable), (flood, AnswerBroken)])
async def test_an_answer_without_end_is_left(
    service: Shapes, script: Script, kind: type[BackendError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_module, "MAX_ANSWER_BYTES", 50_000)
    for name in ("FILL_DEADLINES", "CHAT_DEADLINES", "LEARN_DEADLINES"):
        deadlines = Deadlines(total_s=0.05 if script is drip else 10.0)
        monkeypatch.setattr(f"pilotfish.models.preset_backend.{name}", deadlines)
    http = Http()
    async with stub_server() as server:
        server.scripts = Anywhere(script)
        settings = BackendSettings(kind=service.kind, url=server.url, model=service.model)
        made = Backend("mine", settings, http)
        made._has_learned = True
        with pytest.raises(kind):
            await said(made, any_asked(made))
        await until(lambda: server.open_requests == 0)
    await http.aclose()
