"""`pilotfish serve`: the language server on stdin and stdout."""

from __future__ import annotations

import argparse

from pilotfish.lsp.server import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--stdio` is what many editors' generic clients add; it is the only way we speak."""
    parser.add_argument("--stdio", action="store_true", help="accepted for editors that pass it; always so")


def run(args: argparse.Namespace) -> int:
    """Serve until the client says `exit` or goes away."""
    del args
    return serve()
