"""`pilotfish serve`: a server that answers every family of requests, on stdin and stdout."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import BinaryIO

from pilotfish.lsp import actions, commands, completion, documents, lifecycle, status, workspace
from pilotfish.lsp.server import Server
from pilotfish.lsp.stdio import Incoming


def complete_server() -> Server:
    """A server with all that it can be asked; wants a running loop."""
    server = Server()
    for family in (lifecycle, documents, completion, actions, workspace, status, commands):
        family.register(server)
    return server


def serve(incoming: Incoming, stdout: BinaryIO, is_greeted: Callable[[], bool] = lambda: False) -> int:
    """Run a server to its end. Returns the exit code.

    Args:
        incoming: what the client says.
        stdout: where it is answered.
        is_greeted: whether its `initialize` has been answered already.
    """
    return asyncio.run(_serve(incoming, stdout, is_greeted))


async def _serve(incoming: Incoming, stdout: BinaryIO, is_greeted: Callable[[], bool]) -> int:
    return await complete_server().run(incoming, stdout, is_greeted)
