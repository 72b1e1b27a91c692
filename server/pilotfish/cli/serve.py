"""`pilotfish serve`: the language server on stdin and stdout."""

from __future__ import annotations

import argparse
import gc
import linecache
import os
import sys
from functools import partial

from pilotfish.lsp.greeting import Greeting
from pilotfish.lsp.stdio import Incoming, take_stdio, write_all

OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""Not 700, which one question makes: every other one was held up by a collection."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--stdio` is what many editors' generic clients add; it is the only way we speak."""
    parser.add_argument("--stdio", action="store_true", help="accepted for editors that pass it; always so")


def run(args: argparse.Namespace) -> int:
    """Serve until the client says `exit` or goes away; it is greeted before all that takes long is loaded.

    Importing the protocol's types makes a great many objects that live as long as the process: they are kept
    from the collector meanwhile, which would look at all of them again and again, and afterwards, so that no
    later collection holds the event loop.
    """
    del args
    if os.isatty(0):
        hint = "pilotfish serve is what an editor starts, and waits for its messages here; Ctrl-D ends it."
        print(hint, file=sys.stderr)
    gc.disable()
    stdin, stdout = take_stdio()
    greeting = Greeting(partial(write_all, stdout))
    incoming = Incoming(stdin, greeting.look)
    greeting.wait()
    from pilotfish.lsp.serve import serve  # noqa: PLC0415
    from pilotfish.platform.logging import log_to  # noqa: PLC0415

    linecache.clearcache()  # of the sources of methods that attrs has generated: a megabyte
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()
    log_to()
    return serve(incoming, stdout, lambda: greeting.is_answered)
