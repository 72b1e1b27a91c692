"""The network below httpx: HTTP/1.1 by h11 over asyncio's own streams, used again and opened ahead of need.

httpx's own, httpcore, serves every network and event loop, at a third of the processor time of a whole
request and 40 ms of imports (docs/decisions/0008-http.md); it is left the way through a proxy. Here a
connection is used again when an answer was read to its end, else closed at once, so that the server notices.
One may be opened before it is needed: over TLS that takes two turns of the road.

This module imports httpx: it is for the thread in which `http.py` opens its client.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from importlib import import_module
from ipaddress import ip_address
from typing import TypeAlias
from urllib.request import getproxies

# httpx does without its command line where that cannot be had: it would bring click, rich and pygments.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from pilotfish.errors import BackendError  # noqa: E402
from pilotfish.platform.exchange import Body, Connection  # noqa: E402

SPARE_S = 20.0
"""Most servers keep a connection that says nothing for longer."""

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""


class Client:
    """Sends requests: directly, or through the proxies that the environment names.

    Args:
        tls: says whom to trust; slow, and asked in a thread, once it is needed.
        keep_alive_s: how long a connection may wait for its next request.
        direct_hosts: for these no proxy is asked.

    Attributes:
        direct: the way without a proxy.
        is_proxied: whether other hosts are asked through one.
        url: an address as httpx wants it, which takes as long to read as its answer; few are asked.
    """

    def __init__(
        self, tls: Callable[[], ssl.SSLContext], keep_alive_s: float, direct_hosts: Collection[str]
    ) -> None:
        self.direct = Direct(tls, keep_alive_s)
        self.is_proxied = any(scheme != "no" for scheme in getproxies())
        self.url = lru_cache(maxsize=32)(httpx.URL)
        self._direct_hosts = direct_hosts
        if self.is_proxied:
            with suppress(ImportError):  # httpcore has its locks from there, and would load it on the loop
                import_module("anyio._backends._asyncio")
        limits = httpx.Limits(max_connections=100, keepalive_expiry=keep_alive_s)
        self._proxied = httpx.AsyncClient(verify=tls(), limits=limits) if self.is_proxied else None

    async def send(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body comes as it is read, and must be closed.

        Raises:
            httpx.HTTPError: nothing answers, or something else than HTTP.
        """
        if self._proxied is None or request.url.host in self._direct_hosts:
            return await self.direct.handle_async_request(request)
        return await self._proxied.send(request, stream=True)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._proxied is not None:
            await self._proxied.aclose()
        await self.direct.aclose()


class Direct(httpx.AsyncBaseTransport):
    """httpx's interface to the network, over connections of our own."""

    def __init__(self, tls: Callable[[], ssl.SSLContext], keep_alive_s: float) -> None:
        self._make_tls = tls
        self._tls: ssl.SSLContext | None = None
        self._keep_alive_s = keep_alive_s
        self._idle: dict[Origin, list[Connection]] = {}
        self._opening: dict[Origin, asyncio.Task[None]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; what comes before the body of its answer."""
        url = request.url
        origin = url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)
        connection = await self._connection(origin, request.extensions["timeout"]["connect"])
        try:
            head = await connection.ask(request)
        except BaseException:
            connection.abort()
            raise
        body = Body(connection, lambda: self._keep(origin, connection))
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=body)

    async def tls(self) -> ssl.SSLContext:
        """Whom to trust: two hundred certificates, which a model of this machine has no use for.

        Raises:
            BackendError: a file of certificates cannot be used.
        """
        if self._tls is None:
            tls = await asyncio.to_thread(self._make_tls)
            tls.set_alpn_protocols(["http/1.1"])
            self._tls = tls
        return self._tls

    def expect(self, host: str, port: int) -> None:
        """A request over TLS will come soon: have a connection for it, unless there is one."""
        origin = "https", host, port
        if origin not in self._opening and not any(map(self._is_fresh, self._idle.get(origin, ()))):
            self._opening[origin] = asyncio.ensure_future(self._open_spare(origin))

    async def aclose(self) -> None:
        """Close all connections that are not in use."""
        for task in self._opening.values():
            task.cancel()
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # lets the loop close them

    async def _connection(self, origin: Origin, timeout_s: float) -> Connection:
        """One that waits, that is being opened, or a new one."""
        if (connection := self._waiting(origin)) is not None:
            return connection
        if (opening := self._opening.get(origin)) is not None:
            done, _ = await asyncio.wait([opening], timeout=timeout_s)
            if not done:
                raise httpx.ConnectTimeout("It takes too long to connect.")
            if (connection := self._waiting(origin)) is not None:  # not taken by another request meanwhile
                return connection
        return await self._open(origin, timeout_s)

    def _waiting(self, origin: Origin) -> Connection | None:
        """The connection that was used last and can be used again; those that cannot are closed."""
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if self._is_fresh(connection):
                return connection
            connection.abort()
        return None

    def _is_fresh(self, connection: Connection) -> bool:
        lives_s = self._keep_alive_s if connection.was_used else SPARE_S
        return not connection.is_over and connection.idle_s < lives_s

    def _keep(self, origin: Origin, connection: Connection) -> None:
        """Its answer is not wanted any more: use it again if the answer came to its end."""
        if connection.begin_again():
            self._idle.setdefault(origin, []).append(connection)
        else:
            connection.abort()

    async def _open(self, origin: Origin, timeout_s: float) -> Connection:
        scheme, host, port = origin
        tls = await self.tls() if scheme == "https" else None
        async with _connecting(timeout_s):
            # A name may stand for several addresses, the first of which leads nowhere. Where there is but
            # one, asyncio's race (3.11) would leave its socket to the garbage collector when cancelled.
            delay_s = None if _is_one_address(host) else 0.25
            reader, writer = await asyncio.open_connection(host, port, happy_eyeballs_delay=delay_s)
            try:
                if tls is not None:
                    await writer.start_tls(tls, server_hostname=host)
            except BaseException:  # a stream whose handshake failed would be waited for in vain
                writer.transport.abort()
                await asyncio.sleep(0)
                raise
        return Connection(reader, writer)

    async def _open_spare(self, origin: Origin) -> None:
        """Its failure is no trouble: the request that wants it finds out why."""
        try:
            self._idle.setdefault(origin, []).append(await self._open(origin, SPARE_S))
        except (httpx.TransportError, BackendError):
            pass
        finally:
            del self._opening[origin]


def _is_one_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


@asynccontextmanager
async def _connecting(timeout_s: float) -> AsyncGenerator[None, None]:
    """A time limit, and the errors of the operating system as httpx's."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise httpx.ConnectTimeout("It takes too long to connect.") from error
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error
