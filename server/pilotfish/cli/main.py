"""The command `pilotfish`: finds the subcommand's own file, and turns what it raises into an exit code.

Exit codes: 0 good, 1 a threshold was missed, 2 bad input or failure, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import ModuleType

from pilotfish import __version__
from pilotfish.errors import PilotfishError

# Name, and what `pilotfish --help` says of it. Each is a module of this package with `add_arguments(parser)`
# and `run(args) -> int`; only the one that was asked for is imported, so that `serve` starts fast.
COMMANDS = {
    "serve": "speak the Language Server Protocol on stdin and stdout; this is what an editor starts",
    "complete": "show what would be offered at a place, and why",
    "action": "do a code action in a file: fix, document, import, and more",
    "context": "show what a model would be shown beside the text at a place, and what was left out",
    "explain": "say what was shown last, whose word it was, and why there was nothing",
    "stats": "show how completions fare: shown, accepted, rejected, still there later",
    "index": "build or refresh the index of a folder",
    "doctor": "check settings, index, keys, addresses and models, and say what to do",
    "auth": "keep the key of a model's service in the system's keyring, or forget it",
    "bench": "measure the latency of a real server on real files, key by key",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` is without the program's name. Returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # Code holds every letter there is; a terminal that lacks one must not end the command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        args, command = _parse(arguments)  # It imports the command, and Ctrl-C may come as early as that.
        code: int = command.run(args)
        sys.stdout.flush()
    except PilotfishError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output left (`| head`). Python would complain once more while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except Exception as error:  # the outermost door: a user gets a sentence, a developer asks for more
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return _fail(f"what was asked for cannot be written: {error.strerror}")
        if os.environ.get("PILOTFISH_DEBUG"):
            raise
        return _fail(f"this is a bug: {type(error).__name__}: {error} (set PILOTFISH_DEBUG=1 to see where)")
    return code


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, ModuleType]:
    parser = argparse.ArgumentParser(
        prog="pilotfish",
        description="A fast, private coding copilot in a language server.",
        epilog="Exit codes: 0 good, 1 a threshold was missed, 2 bad input or failure, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"pilotfish {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    command: ModuleType | None = None
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        if name == wanted:
            command = import_module(f"pilotfish.cli.{name}")
            command.add_arguments(subparser)
    args = parser.parse_args(arguments)
    assert command is not None, "argparse leaves when no known command was given"
    return args, command


def _fail(sentence: str) -> int:
    print(f"pilotfish: {sentence}", file=sys.stderr)
    return 2
