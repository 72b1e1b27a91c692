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
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pilotfish import __version__
from pilotfish.errors import BackendError
from pilotfish.platform.reply import Deadlines, Reply, translated
from pilotfish.platform.tls import tls_context

if TYPE_CHECKING:
    import httpx

    from pilotfish.platform.connections import Client

MAX_REDIRECTS = 3
KEEP_ALIVE_S = 60.0
"""Longer, and a router on the way may have forgotten the connection without telling anybody."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
_HEADERS = {
    "user-agent": f"pilotfish/{__version__}",
    "accept": "*/*",
    "accept-encoding": "identity",
    "content-type": "application/json",
}


def is_loopback(url: str) -> bool:
    """Whether the address is this machine by its name alone; nothing is looked up, other names are remote."""
    return urlsplit(url).hostname in LOOPBACK_HOSTS


class Http:
    """The connections of one session, kept alive between calls and given back by `aclose`.

    Proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`, …), certificate authorities from the
    system's store and from `SSL_CERT_FILE`.

    Args:
        client_certificate: path of a PEM file with our own certificate and its key, for servers that ask.
    """

    def __init__(self, *, client_certificate: str = "") -> None:
        self._client_certificate = client_certificate
        self._opening: asyncio.Task[Client] | None = None
        self._finishing: set[asyncio.Task[None]] = set()

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
        with translated(origin):
            client = await self._opened()
            response = await self._send(client, method, url, content, headers, deadlines)
        reply = Reply(response, origin, deadlines, ends_at)
        try:
            yield reply
        finally:
            if reply.is_over:
                task = asyncio.ensure_future(reply.finish())
                self._finishing.add(task)
                task.add_done_callback(self._finishing.discard)
            else:
                with translated(origin):
                    await reply.aclose()

    async def aclose(self) -> None:
        """Close all connections; a later call opens new ones."""
        for task in self._finishing:
            task.cancel()
        await asyncio.gather(*self._finishing, return_exceptions=True)
        opening, self._opening = self._opening, None
        if opening is not None:
            await asyncio.wait([opening])
            if not _failed(opening):
                await opening.result().aclose()

    async def warm_up(self, *, secure: bool = False) -> None:
        """Do what the first call would wait for: import httpx, and read the certificates if it is `secure`.

        Raises:
            BackendError: a file of certificates cannot be used.
        """
        client = await self._opened()
        if secure and not client.is_proxied:
            await client.direct.tls()

    def expect(self, url: str) -> None:
        """A call of this address will come soon: open a connection meanwhile, where that takes long."""
        parts, opening = urlsplit(url), self._opening
        if parts.scheme != "https" or not parts.hostname or opening is None or not opening.done():
            return
        if not _failed(opening) and not opening.result().is_proxied:
            opening.result().direct.expect(parts.hostname, parts.port or 443)

    async def _opened(self) -> Client:
        """Opened once, whoever of those that wait for it is cancelled meanwhile; anew after it failed."""
        opening = self._opening
        if opening is None or (opening.done() and _failed(opening)):
            opening = asyncio.ensure_future(asyncio.to_thread(_open, self._client_certificate))
            opening.add_done_callback(_failed)  # perhaps nobody waits for it any more
            self._opening = opening
        return await asyncio.shield(opening)

    async def _send(
        self,
        client: Client,
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
            request = httpx.Request(
                method, client.url(target), content=content, headers={**_HEADERS, **headers}
            )
            request.extensions["timeout"] = httpx.Timeout(None, connect=deadlines.connect_s).as_dict()
            try:
                # httpx bounds the connecting; this bounds it and the waiting for an answer together.
                async with asyncio.timeout(deadlines.connect_s + deadlines.first_byte_s):
                    response = await client.send(request)
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


def _failed(opening: asyncio.Task[Client]) -> bool:
    """Whether no client came of it."""
    return opening.cancelled() or opening.exception() is not None


def _open(client_certificate: str) -> Client:
    """Slow (imports, certificates): runs in a thread."""
    from pilotfish.platform.connections import Client  # noqa: PLC0415 - see the module's docstring

    return Client(partial(tls_context, client_certificate), KEEP_ALIVE_S, LOOPBACK_HOSTS)


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
