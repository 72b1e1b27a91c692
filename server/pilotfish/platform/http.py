"""Every call to a model goes through here: one pool of connections a session, and one place that knows httpx.

Above this module there are only the errors of `pilotfish.errors`. httpx is imported by the first call, in a
thread: the server starts without it, and its 100 ms do not hold the loop. What its own defaults would do and
this module does not: a proxy is never asked for a loopback address, a redirect to another origin is refused
(the key would go with it), answers are bounded in time and size. HTTP/2 is off, because a stream that is left
would go on (docs/decisions/0008-http.md).
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pilotfish import __version__
from pilotfish.errors import AnswerBroken, BackendError, BackendUnavailable

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 16_000_000
MAX_REDIRECTS = 3
KEEP_ALIVE_S = 60.0
"""Longer, and a router on the way may have forgotten the connection without telling anybody."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each part of a call may take, in seconds."""

    connect_s: float = 5.0
    first_byte_s: float = 20.0
    between_bytes_s: float = 10.0
    total_s: float = 30.0


def is_loopback(url: str) -> bool:
    """Whether the address is this machine by its name alone; nothing is looked up, other names are remote."""
    return urlsplit(url).hostname in LOOPBACK_HOSTS


class Reply:
    """An answer that has begun: its status and headers, and its body as it comes.

    Attributes:
        status: the HTTP status.
        headers: by lower-case name.
        origin: scheme, host and port that answered; this is what errors name.
    """

    def __init__(self, response: httpx.Response, origin: str, deadlines: Deadlines, ends_at: float) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.origin = origin
        self._response = response
        self._deadlines = deadlines
        self._ends_at = ends_at

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body in the pieces in which it arrives, at most `MAX_ANSWER_BYTES` of it.

        Raises:
            BackendUnavailable: it takes too long.
            AnswerBroken: it is too long, or the connection breaks.
        """
        now = asyncio.get_running_loop().time
        wait_s, size = self._deadlines.first_byte_s, 0
        async with aclosing(self._response.aiter_bytes()) as pieces:  # type: ignore[type-var]
            while True:
                with _translated(self.origin):
                    async with asyncio.timeout_at(min(now() + wait_s, self._ends_at)):
                        piece = await anext(pieces, None)
                if piece is None:
                    return
                size += len(piece)
                if size > MAX_ANSWER_BYTES:
                    raise AnswerBroken(
                        f"{self.origin} sends more than {MAX_ANSWER_BYTES:,} bytes and was left."
                    )
                wait_s = self._deadlines.between_bytes_s
                yield piece

    async def body(self) -> bytes:
        """All of it."""
        async with aclosing(self.chunks()) as chunks:
            return b"".join([chunk async for chunk in chunks])


class Http:
    """The connections of one session, kept alive between calls and given back by `aclose`.

    Proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`, …), certificate authorities from the
    system's store and from `SSL_CERT_FILE`.

    Args:
        client_certificate: path of a PEM file with our own certificate and its key, for servers that ask.
    """

    def __init__(self, *, client_certificate: str = "") -> None:
        self._client_certificate = client_certificate
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    def post(
        self, url: str, body: Mapping[str, Any], headers: Mapping[str, str], deadlines: Deadlines
    ) -> AbstractAsyncContextManager[Reply]:
        """Send JSON; leaving the block closes the stream, however far it was read.

        Raises:
            BackendUnavailable: nothing answers there, or not in time.
            AnswerBroken: something else than HTTP answers.
            BackendError: the address cannot be used, or redirects to another one.
        """
        # A lone surrogate, which an editor may send, is no UTF-8: it goes as a question mark.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return self._exchange("POST", url, content, headers, deadlines)

    def get(
        self, url: str, headers: Mapping[str, str], deadlines: Deadlines
    ) -> AbstractAsyncContextManager[Reply]:
        """Ask for what stands at an address; raises as `post` does."""
        return self._exchange("GET", url, b"", headers, deadlines)

    @asynccontextmanager
    async def _exchange(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], deadlines: Deadlines
    ) -> AsyncIterator[Reply]:
        origin = _origin(url)
        ends_at = asyncio.get_running_loop().time() + deadlines.total_s
        with _translated(origin):
            client = await self._opened()
            response = await self._send(client, method, url, content, headers, deadlines)
        try:
            yield Reply(response, origin, deadlines, ends_at)
        finally:
            with _translated(origin):
                await response.aclose()

    async def aclose(self) -> None:
        """Close all connections; a later call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(_open_client, self._client_certificate)
            return self._client

    async def _send(
        self,
        client: httpx.AsyncClient,
        method: str,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        deadlines: Deadlines,
    ) -> httpx.Response:
        """The answer's head, from `url` or from where it redirects to on the same origin."""
        import httpx  # noqa: PLC0415 - see the module's docstring

        tries_left = 1
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            request = client.build_request(method, target, content=content, headers=dict(headers))
            request.extensions["timeout"] = httpx.Timeout(None, connect=deadlines.connect_s).as_dict()
            try:
                # httpx bounds the connecting; this bounds it and the waiting for an answer together.
                async with asyncio.timeout(deadlines.connect_s + deadlines.first_byte_s):
                    response = await client.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # The server closed an idle connection while we took it from the pool: one new try, at once.
                if not tries_left:
                    raise
                tries_left -= 1
                continue
            if not response.has_redirect_location:
                return response
            await response.aclose()
            target = _redirected(target, response.headers["location"])
        raise BackendError(
            f"{_origin(url)} redirects more than {MAX_REDIRECTS} times; its address seems wrong."
        )


def _open_client(client_certificate: str) -> httpx.AsyncClient:
    """Slow (imports, certificates): runs in a thread."""
    import httpx  # noqa: PLC0415 - see the module's docstring

    return httpx.AsyncClient(
        verify=tls_context(client_certificate),
        mounts={f"all://[{host}]" if ":" in host else f"all://{host}": None for host in LOOPBACK_HOSTS},
        limits=httpx.Limits(max_connections=100, keepalive_expiry=KEEP_ALIVE_S),
        headers={
            "user-agent": f"pilotfish/{__version__}",
            "accept-encoding": "identity",
            "content-type": "application/json",
        },
    )


def tls_context(client_certificate: str) -> ssl.SSLContext:
    """Whom to trust: the system's store, and the file in `SSL_CERT_FILE` beside it. Slow: for a thread.

    Raises:
        BackendError: a file of certificates cannot be used.
    """
    context = _system_store()
    authorities = os.environ.get("SSL_CERT_FILE", "")
    for file, load in (
        (authorities, context.load_verify_locations),
        (client_certificate, context.load_cert_chain),
    ):
        try:
            if file:
                load(file)
        except OSError as error:  # ssl.SSLError is one
            raise BackendError(
                f"The certificate file {file} cannot be used ({error}). Correct its path."
            ) from error
    return context


def _system_store() -> ssl.SSLContext:
    """The certificate store of this system.

    On Linux Python reads it itself, once. truststore knows those of macOS and Windows; on Linux it would read
    200 certificates again for each connection, which holds the loop for 23 ms (measured).
    """
    if sys.platform in ("darwin", "win32"):
        import truststore  # noqa: PLC0415 - with httpx, in a thread

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context()


@contextmanager
def _translated(origin: str) -> Iterator[None]:
    """The errors of httpx and of the operating system as ours."""
    import httpx  # noqa: PLC0415 - see the module's docstring

    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise BackendUnavailable(
            f"{origin} takes too long to answer. It may be loading or overloaded."
        ) from error
    except httpx.ProxyError as error:
        raise BackendUnavailable(
            f"The proxy on the way to {origin} refuses ({error}). Check HTTPS_PROXY and NO_PROXY."
        ) from error
    except httpx.ConnectError as error:
        raise BackendUnavailable(_unreachable(origin, error)) from error
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.DecodingError) as error:
        raise AnswerBroken(f"{origin} broke off in the middle ({_said(error)}).") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
        raise BackendUnavailable(f"{origin} cannot be asked ({_said(error)}). Check its address.") from error


def _unreachable(origin: str, error: Exception) -> str:
    text = _said(error)
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        return (
            f"The certificate of {origin} is not trusted ({text}). "
            "If your company's proxy signs it, set SSL_CERT_FILE to the company's certificate."
        )
    return f"Nothing answers at {origin} ({text}). Is the server running, and the address right?"


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _redirected(url: str, location: str) -> str:
    """Where to go on; the same host over https counts as the same origin."""
    target = urljoin(url, location)
    here, there = urlsplit(url), urlsplit(target)
    is_upgrade = (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.hostname
    if _origin(url) != _origin(target) and not is_upgrade:
        raise BackendError(
            f"{_origin(url)} redirects to {_origin(target)}, which was not asked for and gets no key. "
            "If you trust it, set it as the backend's `url`."
        )
    return target
