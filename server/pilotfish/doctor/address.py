"""The doctor's checks of a backend's address: is it allowed, has it a key, does it answer, over what TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pilotfish.doctor.finding import Finding, Level
from pilotfish.errors import BackendError, KeyFault
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.http import is_loopback
from pilotfish.platform.keys import find_key, host_of
from pilotfish.platform.tls import tls_context

CONNECT_S = 5.0
_SOON_DAYS = 14


def check_place(url: str, *, local_only: bool) -> Iterator[Finding]:
    """Whether anything may be sent there, and whether others could read it on the way."""
    if is_loopback(url):
        yield Finding("address", Level.GOOD, f"{url} is on this machine: nothing leaves it")
        return
    yield Finding("address", Level.NOTE, f"{url} is another machine: source code is sent there, redacted")
    if local_only:
        yield Finding(
            "address",
            Level.PROBLEM,
            "privacy.local_only holds, so this backend is never asked",
            "Take it out of `backend`, or set privacy.local_only = false in your own settings.",
        )
    if urlsplit(url).scheme == "http":
        yield Finding(
            "address",
            Level.WARNING,
            "http:// is not encrypted: whoever is on the way can read the code and the key",
            "Use https://, or a tunnel to an address on this machine.",
        )


def check_key(service: PresetBackend) -> Finding:
    """Whether there is a key, and from where; never what it is. May block, as `find_key` does."""
    name, host, variable = service.name, host_of(service.url), service.key_env
    named = variable or f"that `backends.{name}.key_env` names"
    advice = (
        f"Put it into the environment variable {named}, where your editor is started, "
        f"or run: pilotfish auth login {name}"
    )
    try:
        key = find_key(name, host, variable)
    except KeyFault as fault:
        return Finding("key", Level.PROBLEM, str(fault), advice)
    if key is not None:
        return Finding("key", Level.GOOD, f"there is one for {host}, from the {key.origin}")
    if service.needs_key:
        return Finding("key", Level.PROBLEM, f"there is none for {host}", advice)
    return Finding("key", Level.GOOD, f"there is none for {host}, and none is usual there")


async def check_connection(url: str, client_certificate: str) -> Finding:
    """Whether something answers there, and whether its certificate is one to trust."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    proxy = getproxies().get(parts.scheme, "")
    if proxy and not is_loopback(url) and not proxy_bypass(host):
        through = urlsplit(proxy).hostname or proxy
        return Finding("connection", Level.NOTE, f"it goes through the proxy {through}, from the environment")
    started = time.perf_counter()
    try:
        tls = await asyncio.to_thread(tls_context, client_certificate) if parts.scheme == "https" else None
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=tls)
    except (OSError, BackendError) as error:
        text, action = _why_not(f"{host}:{port}", error)
        return Finding("connection", Level.PROBLEM, text, action)
    elapsed_ms = (time.perf_counter() - started) * 1000
    session = writer.get_extra_info("ssl_object")
    writer.close()
    with suppress(OSError):  # how the other side takes leave is no matter
        async with asyncio.timeout(CONNECT_S):
            await writer.wait_closed()
    if session is None:
        return Finding("connection", Level.GOOD, f"{host}:{port} answers after {elapsed_ms:.1f} ms")
    text, days = _certificate(session)
    text = f"{host}:{port} answers after {elapsed_ms:.1f} ms, {session.version()}{text}"
    if days is not None and days < _SOON_DAYS:
        return Finding("connection", Level.WARNING, text, "Its owner should renew the certificate soon.")
    return Finding("connection", Level.GOOD, text)


def _why_not(place: str, error: Exception) -> tuple[str, str]:
    """What went wrong, and what to do about it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {place} is not trusted: {error.verify_message}",
            "If your company's proxy signs it, set SSL_CERT_FILE to the company's certificate; "
            "if it has expired, check this machine's clock first.",
        )
    if isinstance(error, ssl.SSLError):
        return f"{place} does not speak TLS ({error.reason})", "Is it an http:// address?"
    if isinstance(error, socket.gaierror):
        return f"the name of {place} is not known", "Check `url` and this machine's network."
    if isinstance(error, TimeoutError):
        return f"{place} does not answer in {CONNECT_S:.0f} s", "Check `url`, firewall and proxy settings."
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {place}", "Start the model's server, or correct `url`."
    return (
        f"{place} cannot be reached: {getattr(error, 'strerror', None) or error}",
        "Check `url` and network.",
    )


def _certificate(session: Any) -> tuple[str, float | None]:
    """Who signed it and until when it is good, in words; and the days left."""
    found = session.getpeercert() or {}  # empty where the system itself judged it
    if "notAfter" not in found:
        return "", None
    issuer = {name: value for part in found.get("issuer", ()) for name, value in part}
    signer = issuer.get("organizationName") or issuer.get("commonName") or "nobody named"
    ends = ssl.cert_time_to_seconds(found["notAfter"])
    until = formatdate(ends, usegmt=True)[5:16]
    days = (ends - datetime.now(UTC).timestamp()) / 86400
    return f", certificate by {signer} until {until}", days
