"""The one place that speaks HTTP, against servers that behave badly: what goes wrong is an error of ours."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from pilotfish.errors import AnswerBroken, BackendError, BackendUnavailable
from pilotfish.models.backend import Prompt
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform import http as http_module
from pilotfish.platform import reply
from pilotfish.platform.connections import Client
from pilotfish.platform.events import events
from pilotfish.platform.http import Http, is_loopback
from pilotfish.platform.reply import Deadlines
from pilotfish.settings.model import BackendSettings
from tests.models.stub_server import EVENT, Exchange, stub_server, until

QUICK = Deadlines(connect_s=0.2, first_byte_s=0.2, between_bytes_s=0.2, total_s=0.5)
PATIENT = Deadlines(connect_s=5, first_byte_s=5, between_bytes_s=5, total_s=10)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http()
    yield made
    await made.aclose()


async def post(http: Http, url: str, deadlines: Deadlines = PATIENT) -> tuple[int, int]:
    """The status, and how many events came."""
    async with (
        http.post(url, {"a": 1}, {"authorization": "Bearer sk-test"}, deadlines) as reply,
        aclosing(events(reply)) as answer,
    ):
        return reply.status, len([event async for event in answer])


async def good(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.say()
    await exchange.end()


async def test_connections_are_kept_and_shared(http: Http) -> None:
    async with stub_server(good=good) as server:
        for _ in range(3):
            assert await post(http, f"{server.url}/good") == (200, 1)
        assert server.connections == 1
        assert all("authorization: bearer sk-test" in head for head in server.heads)


async def cut(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.say()
    exchange.hang_up()


async def silent(exchange: Exchange) -> None:
    await exchange.say_nothing()


async def stuck(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.say()
    await exchange.say_nothing()


async def drip(exchange: Exchange) -> None:
    await exchange.begin()
    while not exchange.writer.transport.is_closing():
        await exchange.say(b": ")
        await asyncio.sleep(0.02)


async def garbage(exchange: Exchange) -> None:
    exchange.writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    exchange.hang_up()


async def endless_line(exchange: Exchange) -> None:
    await exchange.begin()
    while not exchange.writer.transport.is_closing():
        await exchange.say(b"data: " + b"x" * 65_536)


async def moved(exchange: Exchange) -> None:
    await exchange.begin("307 Temporary Redirect", "location: /good", "content-length: 0", chunked=False)


async def stolen(exchange: Exchange) -> None:
    await exchange.begin(
        "302 Found", "location: https://evil.example/good", "content-length: 0", chunked=False
    )


async def in_circles(exchange: Exchange) -> None:
    await exchange.begin(
        "307 Temporary Redirect", "location: /in_circles", "content-length: 0", chunked=False
    )


@pytest.mark.parametrize(
    ("script", "error", "says"),
    [
        (cut, AnswerBroken, "broke off"),
        (garbage, AnswerBroken, "broke off"),
        (endless_line, AnswerBroken, "bytes"),
        (silent, BackendUnavailable, "too long"),
        (stuck, BackendUnavailable, "too long"),
        (drip, BackendUnavailable, "too long"),
        (stolen, BackendError, "https://evil.example"),
        (in_circles, BackendError, "redirects"),
    ],
)
async def test_what_goes_wrong_on_the_way(
    http: Http, script: object, error: type[BackendError], says: str
) -> None:
    async with stub_server(bad=script, in_circles=in_circles) as server:  # type: ignore[arg-type]
        path = "in_circles" if script is in_circles else "bad"
        with pytest.raises(error, match=says) as caught:
            await post(http, f"{server.url}/{path}", PATIENT if script is endless_line else QUICK)
        assert "sk-test" not in str(caught.value)


async def test_a_redirect_on_the_same_host_is_followed_with_all_that_was_sent(http: Http) -> None:
    async with stub_server(moved=moved, good=good) as server:
        assert await post(http, f"{server.url}/moved") == (200, 1)
        assert server.requests == ["/moved", "/good"]


async def test_nobody_there_is_one_sentence(http: Http) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(BackendUnavailable, match=f"Nothing answers at {url} .*running"):
            await post(http, f"{url}/x")


async def test_a_kept_connection_that_the_server_closed_is_replaced_at_once(http: Http) -> None:
    async def once(exchange: Exchange) -> None:
        await good(exchange)
        exchange.hang_up()

    async with stub_server(once=once) as server:
        for _ in range(3):
            assert await post(http, f"{server.url}/once") == (200, 1)
        assert server.connections == 3


async def test_cancelling_the_reader_closes_the_stream_at_once(http: Http) -> None:
    async def endless(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.wait_until_left()

    async with stub_server(endless=endless) as server:
        for _ in range(5):
            task = asyncio.ensure_future(post(http, f"{server.url}/endless"))
            await until(lambda: server.open_requests == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: server.open_requests == 0)


async def test_a_body_that_never_ends_is_left(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply, "MAX_ANSWER_BYTES", 100_000)

    async def endless(exchange: Exchange) -> None:
        await exchange.begin()
        while not exchange.writer.transport.is_closing():
            await exchange.say(EVENT * 100)

    async with stub_server(endless=endless) as server:
        with pytest.raises(AnswerBroken, match="100,000 bytes"):
            await post(http, f"{server.url}/endless")


async def test_sixty_four_streams_run_side_by_side(http: Http) -> None:
    gate = asyncio.Event()

    async def together(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say()
        if exchange.server.open_requests == 64:
            gate.set()
        await gate.wait()
        await exchange.say()
        await exchange.end()

    async with stub_server(together=together) as server:
        answers = await asyncio.gather(*(post(http, f"{server.url}/together") for _ in range(64)))
        assert answers == [(200, 2)] * 64


async def test_a_server_that_tells_nothing_of_itself_is_asked_all_the_same(http: Http) -> None:
    async def rude(exchange: Exchange) -> None:
        exchange.hang_up()

    async with stub_server() as server:
        server.scripts |= {"/v1/completions": good, "/v1/models": rude}
        settings = BackendSettings(kind="openai-shaped", url=server.url, model="qwen2.5-coder")
        backend = PresetBackend("stub", settings, http)
        for _ in range(2):
            assert [piece async for piece in backend.stream(Prompt("a", ""))] == ["x"]
        assert server.requests.count("/v1/completions") == 2


async def test_no_proxy_is_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_proxy = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_proxy.append((await reader.readuntil(b"\r\n")).decode())
        writer.close()

    listening = await asyncio.start_server(proxy, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    http = Http()
    async with stub_server(good=good) as server:
        assert await post(http, f"{server.url}/good") == (200, 1)
        assert asked_proxy == []
        with pytest.raises(BackendError):  # a proxy that hangs up
            await post(http, "https://api.example.com/good")
        assert asked_proxy == ["CONNECT api.example.com:443 HTTP/1.1\r\n"] * len(asked_proxy)
        assert asked_proxy
    await http.aclose()
    listening.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server's certificate and one of a client, each in a PEM file with its key."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(arguments: str) -> None:
        subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True)

    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 9 -subj /CN=authority "
        "-addext keyUsage=critical,keyCertSign"
    )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("server", "client"):
        openssl(f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}")
        openssl(f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -days 9 -out {name}.crt -extfile names")
        both = (folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text()
        (folder / f"{name}.pem").write_text(both)
    return folder


async def test_certificates(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown authorities are refused, the company's is accepted, and a server may ask for ours."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem")
    tls.load_verify_locations(certificates / "ca.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    client = str(certificates / "client.pem")
    async with stub_server(tls, good=good) as server:
        url = f"{server.url}/good"
        unknown = Http(client_certificate=client)
        with pytest.raises(BackendUnavailable, match=r"not trusted.*SSL_CERT_FILE"):
            await post(unknown, url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
        known, nameless = Http(client_certificate=client), Http()
        assert await post(known, url) == (200, 1)
        with pytest.raises(BackendError):
            await post(nameless, url)
        for http in (unknown, known, nameless):
            await http.aclose()


async def test_who_is_cancelled_while_the_client_is_opened_leaves_it_to_the_next(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def opening(client_certificate: str) -> Client:
        opened.append(client_certificate)
        time.sleep(0.05)  # in a thread
        return open_really(client_certificate)

    open_really = http_module._open
    monkeypatch.setattr(http_module, "_open", opening)
    async with stub_server(good=good) as server:
        for _ in range(5):
            task = asyncio.ensure_future(post(http, f"{server.url}/good"))
            await asyncio.sleep(0.001)
            task.cancel()
            await asyncio.wait([task])
        assert await post(http, f"{server.url}/good") == (200, 1)
    assert opened == [""]


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_bad_certificate_file_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BackendError, match=r"mine\.pem"):
        await post(Http(client_certificate=str(path)), "https://127.0.0.1:1/x")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8080", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:1", True),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost@example.com", False),
        ("https://example.com/127.0.0.1", False),
        ("http://0.0.0.0:1", False),
    ],
)
def test_this_machine_is_known_by_its_names(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_httpx_is_not_imported_with_the_backends() -> None:
    code = "import sys, pilotfish.models.preset_backend; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_httpx_comes_without_its_command_line() -> None:
    code = "import sys, pilotfish.platform.connections; sys.exit(bool({'rich', 'click'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
