"""Connections are used again where an answer was read to its end, and are there before they are needed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from pilotfish.errors import BackendUnavailable
from pilotfish.models.backend import Prompt
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform import connections
from pilotfish.platform import http as http_module
from pilotfish.platform.http import Http
from pilotfish.platform.reply import Deadlines
from pilotfish.settings.model import BackendSettings
from tests.models.stub_server import Exchange, StubServer, stub_server, until
from tests.platform.test_http import certificates, good, post  # noqa: F401 - a fixture

HOLE = Prompt("a", "b")


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http()
    yield made
    await made.aclose()


@pytest.fixture
async def secure(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StubServer]:  # noqa: F811
    """A server that is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem")
    async with stub_server(tls, good=good, endless=endless) as server:
        yield server


async def endless(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.wait_until_left()


@pytest.mark.parametrize("late_s", [0, 0.02])
async def test_a_connection_is_used_again_after_the_end_mark(http: Http, late_s: float) -> None:
    async def marked(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say()
        await exchange.say(b"data: [DONE]\n\n")
        await asyncio.sleep(late_s)
        await exchange.end()

    async with stub_server() as server:
        server.scripts["/v1/completions"] = marked
        settings = BackendSettings(kind="openai-shaped", url=server.url, model="qwen2.5-coder")
        backend = PresetBackend("stub", settings, http)
        for _ in range(3):
            assert [piece async for piece in backend.stream(HOLE)] == ["x"]
            await until(lambda: not http._finishing)
        assert server.connections == 1


async def test_who_never_ends_after_the_end_mark_is_left(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pilotfish.platform.reply.FINISH_S", 0.05)

    async def hanging(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say(b"data: [DONE]\n\n")
        await exchange.say_nothing()

    async with stub_server(hanging=hanging) as server:
        assert await post(http, f"{server.url}/hanging") == (200, 0)
        await until(lambda: server.open_requests == 0)


async def test_a_connection_is_opened_before_the_request_that_takes_it(
    http: Http, secure: StubServer
) -> None:
    await http.warm_up()
    for _ in range(2):
        http.expect(secure.url)
    await until(lambda: secure.connections == 1)
    assert await post(http, f"{secure.url}/good") == (200, 1)
    http.expect(secure.url)  # the one that was used is there still
    assert await post(http, f"{secure.url}/good") == (200, 1)
    assert secure.connections == 1


async def test_a_stream_that_was_left_has_a_successor_ready(http: Http, secure: StubServer) -> None:
    for number in range(1, 4):
        async with (
            http.post(f"{secure.url}/endless", {}, {}, Deadlines()) as reply,
            aclosing(reply.chunks()) as pieces,
        ):
            await anext(pieces)
        http.expect(secure.url)
        await until(lambda: secure.connections == number + 1)  # noqa: B023


async def test_a_request_waits_for_the_connection_that_is_being_opened(
    http: Http, secure: StubServer
) -> None:
    await http.warm_up()
    http.expect(secure.url)
    first = asyncio.ensure_future(post(http, f"{secure.url}/good"))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    assert await asyncio.gather(*(post(http, f"{secure.url}/good") for _ in range(2))) == [(200, 1)] * 2
    assert secure.connections == 2


async def test_a_spare_connection_that_does_not_live_is_replaced(
    http: Http, secure: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await http.warm_up()
    http.expect(secure.url)
    await until(lambda: secure.connections == 1)
    monkeypatch.setattr(connections, "SPARE_S", 0.0)
    assert await post(http, f"{secure.url}/good") == (200, 1)
    assert secure.connections == 2


async def test_a_spare_connection_that_cannot_be_opened_is_no_trouble(http: Http) -> None:
    await http.warm_up()
    async with stub_server(good=good) as server:
        url = server.url.replace("http:", "https:")
    http.expect(url)  # nobody is there any more
    with pytest.raises(BackendUnavailable, match="Nothing answers"):
        await post(http, f"{url}/good")


async def test_a_spare_connection_that_takes_too_long_is_not_waited_for(http: Http) -> None:
    await http.warm_up()
    async with stub_server(good=good) as server:
        url = server.url.replace("http:", "https:")  # it never answers a handshake
        http.expect(url)
        with pytest.raises(BackendUnavailable, match="too long"):
            await post(http, f"{url}/good", Deadlines(connect_s=0.05))


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"])
async def test_nothing_is_opened_where_it_is_quick_or_a_proxy_stands_between(
    http: Http, secure: StubServer, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    http.expect(secure.url)  # before anything was opened, nothing is
    await http.warm_up()
    async with stub_server(good=good) as plain:
        http.expect(plain.url)
        if proxy:
            http.expect(secure.url)
        assert await post(http, f"{plain.url}/good") == (200, 1)
        assert (plain.connections, secure.connections) == (1, 0)


@pytest.mark.parametrize("secure", [False, True])
async def test_certificates_are_read_where_they_are_needed(
    monkeypatch: pytest.MonkeyPatch, secure: bool
) -> None:
    contexts = []

    def trusting(_certificate: str) -> ssl.SSLContext:
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return contexts[-1]

    monkeypatch.setattr(http_module, "tls_context", trusting)
    http = Http()
    async with stub_server(good=good) as server:
        for _ in range(2):
            await http.warm_up(secure=secure)
        assert await post(http, f"{server.url}/good") == (200, 1)
    await http.aclose()
    assert len(contexts) == secure


async def test_a_request_is_one_packet(http: Http) -> None:
    packets = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packets.append(await reader.read(65_536))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    async with http.post(url, {"a": "x" * 9_000}, {}, Deadlines()) as reply:
        assert await reply.body() == b"{}"
    assert packets[0].endswith(b'x"}')
    await http.aclose()
    server.close()


async def test_a_long_request_arrives_whole(http: Http) -> None:
    bodies = []

    async def kept(exchange: Exchange) -> None:
        bodies.append(exchange.body)
        await good(exchange)

    sent = {"a": "x" * 3_000_000}
    async with (
        stub_server(kept=kept) as server,
        http.post(f"{server.url}/kept", sent, {}, Deadlines()) as reply,
    ):
        await reply.body()
    assert len(bodies[0]) == 3_000_009
