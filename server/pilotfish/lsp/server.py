"""One connection to a client, from the first byte to the exit code; `serve.py` registers what it answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.lsp.server import LanguageServer

from pilotfish import __version__
from pilotfish.lsp.convert import register_strict_hooks
from pilotfish.lsp.framing import Frames
from pilotfish.lsp.protocol import Phase, Protocol
from pilotfish.lsp.stdio import Incoming, write_all
from pilotfish.session.background import Background
from pilotfish.session.session import Session
from pilotfish.text.positions import Encoding

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """What the features are given: the connection, and the session behind it.

    Attributes:
        session: made by `initialize`, as are the next three; no other feature runs before that.
        encoding: the unit of the client's columns, as negotiated.
        client: what the client can do.
        may_register: whether to ask for dynamic registration where the client offers it. A client that does
            not say its name only replays an editor's capabilities (pytest-lsp does) and answers none.
        background: what runs beside the connection, at most as long as it.
        client_name: what it calls itself, perhaps nothing.
        cancellable: what the cancel button of a progress cancels, by the progress's token.
        previews: changes that are shown and wait for the user's decision, by their id.
    """

    protocol: Protocol
    session: Session
    encoding: Encoding
    client: types.ClientCapabilities
    client_name: str
    may_register: bool

    def __init__(self) -> None:
        super().__init__(
            "pilotfish",
            __version__,
            types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
            converter_factory=lambda: register_strict_hooks(get_converter()),
        )
        self.background = Background()
        self.cancellable: dict[types.ProgressToken, asyncio.Future[Any]] = {}
        self.previews: dict[str, asyncio.Future[bool]] = {}

    async def run(
        self, incoming: Incoming, stdout: BinaryIO, is_greeted: Callable[[], bool] = lambda: False
    ) -> int:
        """Serve until `exit` or the end of what comes in; the exit code."""
        frames = Frames()
        loop = asyncio.get_running_loop()

        def take(data: bytes) -> None:
            for body in frames.feed(data):
                loop.call_soon(self._receive, body)

        self.protocol.send = partial(self._send, stdout)
        self.protocol.is_greeted = is_greeted
        incoming.call_back(loop, take, partial(loop.call_soon, self.protocol.ended.set))
        try:
            await self.protocol.ended.wait()
        finally:
            self.protocol.ended.set()
            self.protocol.send = lambda _: None
            self.protocol.cancel_all()
            await self.background.aclose()
            if self.protocol.phase is not Phase.NEW:
                await self.session.aclose()
        return 0 if self.protocol.phase is Phase.SHUT_DOWN else 1

    def _receive(self, body: bytes) -> None:
        if not self.protocol.ended.is_set():
            self.protocol.receive(body)

    def _send(self, stdout: BinaryIO, data: bytes) -> None:
        try:
            write_all(stdout, data)
        except OSError:
            log.warning("The client does not listen any more")
            self.protocol.ended.set()
