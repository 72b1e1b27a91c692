"""`pilotfish serve`: the language server on stdin and stdout."""

from __future__ import annotations

import argparse
import gc


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--stdio` is what many editors' generic clients add; it is the only way we speak."""
    parser.add_argument("--stdio", action="store_true", help="accepted for editors that pass it; always so")


def run(args: argparse.Namespace) -> int:
    """Serve until the client says `exit` or goes away.

    Importing the protocol's types makes a great many objects that live as long as the process: they are kept
    from the collector meanwhile, which would look at all of them again and again, and afterwards, so that no
    later collection holds the event loop.
    """
    del args
    gc.disable()
    from pilotfish.lsp.server import serve  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    return serve()
