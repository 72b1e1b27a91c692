"""An answer over HTTP while it comes: bounded in time and size, its errors ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotfish.errors import AnswerBroken, BackendError, BackendUnavailable

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 16_000_000
FINISH_S, FINISH_PIECES = 1.0, 4
"""How long, and for how much, the end of an answer is waited for that has been understood already."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each part of a call may take, in seconds."""

    connect_s: float = 5.0
    first_byte_s: float = 20.0
    between_bytes_s: float = 10.0
    total_s: float = 30.0


class Reply:
    """An answer that has begun: its status and headers, and its body as it comes.

    Attributes:
        status: the HTTP status.
        headers: by lower-case name.
        origin: scheme, host and port that answered; this is what errors name.
        is_over: whether its reader has all of it, though the body has not ended yet: set by who reads.
    """

    def __init__(self, response: httpx.Response, origin: str, deadlines: Deadlines, ends_at: float) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.origin = origin
        self.is_over = False
        self._response = response
        self._pieces = response.aiter_bytes()
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
        while True:
            with translated(self.origin):
                async with asyncio.timeout_at(min(now() + wait_s, self._ends_at)):
                    piece = await anext(self._pieces, None)
            if piece is None:
                return
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                raise AnswerBroken(f"{self.origin} sends more than {MAX_ANSWER_BYTES:,} bytes and was left.")
            wait_s = self._deadlines.between_bytes_s
            yield piece

    async def body(self) -> bytes:
        """All of it."""
        async with aclosing(self.chunks()) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def finish(self) -> None:
        """Read the little that is left, so that the connection can be used again; or give it up."""
        try:
            with suppress(BackendError), translated(self.origin):
                async with asyncio.timeout(FINISH_S):
                    for _ in range(FINISH_PIECES):
                        if await anext(self._pieces, None) is None:
                            break
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Leave it, which ends the connection if it has not been read to its end."""
        await self._pieces.aclose()  # type: ignore[attr-defined]
        await self._response.aclose()


@contextmanager
def translated(origin: str) -> Iterator[None]:
    """The errors of httpx and of the operating system as ours."""
    import httpx  # noqa: PLC0415 - see http.py

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
