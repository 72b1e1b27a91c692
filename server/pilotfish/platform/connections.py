"""The network below httpx: asyncio's own streams, and connections that are opened before they are needed.

httpcore would use anyio, which costs a quarter more of processor time for each request (measured) and opens a
connection only when a request is sent. A completion that is left in the middle takes its connection with it;
over TLS the next one would wait two more turns of the road for a new one, if it were not there already.

This module imports httpx: it is for the thread in which `http.py` opens its client.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.request import getproxies

# httpx does without its command line where that cannot be had: it would bring click, rich and pygments.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpcore  # noqa: E402
import httpx  # noqa: E402

with suppress(ImportError):  # httpcore has its locks from there, and would load it on the loop
    import anyio._backends._asyncio  # noqa: F401

UNSENT_BYTES = 65_536
SPARE_S = 20.0
"""Most servers keep a connection that says nothing for longer."""


@dataclass(frozen=True, slots=True)
class Client:
    """An open client of httpx, and the network below it, which is not asked on the way through a proxy."""

    httpx: httpx.AsyncClient
    network: Network
    is_proxied: bool


def open_client(tls: ssl.SSLContext, keep_alive_s: float, direct_hosts: Iterable[str]) -> Client:
    """A client that takes proxies from the environment, but for `direct_hosts`."""
    limits = httpx.Limits(max_connections=100, keepalive_expiry=keep_alive_s)
    network = Network(tls)
    direct = _Direct(tls, limits, network)
    is_proxied = any(scheme != "no" for scheme in getproxies())
    mounts = {f"all://[{host}]" if ":" in host else f"all://{host}": direct for host in direct_hosts}
    # A client that is given a transport asks the environment for no proxy.
    client = httpx.AsyncClient(
        verify=tls, limits=limits, mounts=mounts, transport=None if is_proxied else direct
    )
    return Client(client, network, is_proxied)


class _Direct(httpx.AsyncHTTPTransport):
    """httpx's own way, over our network. Were `_pool` called otherwise, it would go on with httpcore's."""

    def __init__(self, tls: ssl.SSLContext, limits: httpx.Limits, network: Network) -> None:
        super().__init__(verify=tls, limits=limits)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=network,
        )
        network.pool = self._pool


class Network(httpcore.AsyncNetworkBackend):
    """Opens connections; keeps at most one spare for each place.

    Attributes:
        pool: the connections that are in use, or may be used again.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._spares: dict[tuple[str, int], asyncio.Task[Connection]] = {}
        self.pool: httpcore.AsyncConnectionPool | None = None

    def expect(self, host: str, port: int) -> None:
        """A request over TLS will come soon: have a connection for it, unless there is one."""
        origin = httpcore.Origin(b"https", host.encode("ascii"), port)
        pooled = self.pool.connections if self.pool is not None else []
        if any(each.can_handle_request(origin) and each.is_available() for each in pooled):
            return
        spare = self._spares.get((host, port))
        if spare is not None and not (spare.done() and not _is_fresh(spare)):
            return
        self._spares[host, port] = asyncio.ensure_future(self._open_secured(host, port))
        self._spares[host, port].add_done_callback(_seen)
        if spare is not None:
            _drop(spare)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Connection:
        """The spare connection to this place, or a new one."""
        del local_address, socket_options  # never given here
        if (spare := self._spares.get((host, port))) is not None:
            done, _ = await asyncio.wait([spare], timeout=timeout)
            if not done:
                raise httpcore.ConnectTimeout
            if self._spares.get((host, port)) is spare:  # not taken by another request meanwhile
                del self._spares[host, port]
                if _is_fresh(spare):
                    return spare.result()
                _drop(spare)
        return await _connect(host, port, timeout)

    async def aclose(self) -> None:
        """Close the spares."""
        spares = list(self._spares.values())
        self._spares.clear()
        for spare in spares:
            _drop(spare)
        await asyncio.gather(*spares, return_exceptions=True)

    async def _open_secured(self, host: str, port: int) -> Connection:
        connection = await _connect(host, port, SPARE_S)
        return await connection.start_tls(self._tls, host, SPARE_S)


class Connection(httpcore.AsyncNetworkStream):
    """A stream of asyncio, as httpcore wants it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._secured_for: str | None = None
        self._unsent = bytearray()
        self.opened_s = asyncio.get_running_loop().time()

    @property
    def is_over(self) -> bool:
        """Whether the other side has left."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """What has come; nothing at the end."""
        async with _translated(timeout, httpcore.ReadTimeout, httpcore.ReadError):
            if self._unsent:
                await self._send()
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """To be sent with the next read, or when it is much: a request's head and body go as one packet."""
        self._unsent += buffer
        if len(self._unsent) > UNSENT_BYTES:
            async with _translated(timeout, httpcore.WriteTimeout, httpcore.WriteError):
                await self._send()

    async def _send(self) -> None:
        """Send, and wait until there is room for more."""
        unsent, self._unsent = bytes(self._unsent), bytearray()
        self._writer.write(unsent)
        await self._writer.drain()

    def abort(self) -> None:
        """Close at once, without taking leave: the server is to notice, whatever it is about."""
        self._writer.transport.abort()

    async def aclose(self) -> None:
        """The same, and let the loop do it. A stream whose handshake failed would be waited for in vain."""
        self.abort()
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Connection:
        """Secure the connection; a spare one has been secured already, for the same name."""
        if self._secured_for is None or self._secured_for != server_hostname:
            try:
                async with _translated(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
                    await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
            except BaseException:
                await self.aclose()
                raise
            self._secured_for = server_hostname
        return self

    def get_extra_info(self, info: str) -> Any:
        """`is_readable` is how httpcore finds out that an idle connection was closed by the other side."""
        return self.is_over if info == "is_readable" else self._writer.get_extra_info(info)


async def _connect(host: str, port: int, timeout_s: float | None) -> Connection:
    async with _translated(timeout_s, httpcore.ConnectTimeout, httpcore.ConnectError):
        # A name may stand for several addresses, the first of which leads nowhere. Where there is but one,
        # asyncio's race (3.11) would only leave its socket to the garbage collector when it is cancelled.
        delay_s = None if _is_one_address(host) else 0.25
        return Connection(*await asyncio.open_connection(host, port, happy_eyeballs_delay=delay_s))


def _is_one_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _is_fresh(spare: asyncio.Task[Connection]) -> bool:
    """Whether it became a connection that will do."""
    if not spare.done() or spare.cancelled() or spare.exception() is not None:
        return False
    connection = spare.result()
    age_s = asyncio.get_running_loop().time() - connection.opened_s
    return not connection.is_over and age_s < SPARE_S


def _drop(spare: asyncio.Task[Connection]) -> None:
    """Nobody wants it any more."""
    spare.cancel()
    if spare.done() and not spare.cancelled() and spare.exception() is None:
        spare.result().abort()


def _seen(spare: asyncio.Task[Connection]) -> None:
    """A spare that failed is no trouble: the request that wanted it finds out why."""
    if not spare.cancelled():
        spare.exception()


@asynccontextmanager
async def _translated(
    timeout_s: float | None, too_late: type[Exception], failed: type[Exception]
) -> AsyncGenerator[None, None]:
    """A time limit, and the errors of the operating system as httpcore's."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise too_late from error
    except OSError as error:
        raise failed(str(error)) from error
