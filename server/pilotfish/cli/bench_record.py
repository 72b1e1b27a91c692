"""`pilotfish bench record OUT`: what an editor starts instead of the server, to keep a session as a trace."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from pilotfish.bench.record import Recorder, record
from pilotfish.bench.traces import write_traces
from pilotfish.cli.bench_options import parse_command
from pilotfish.cli.output import check_destination
from pilotfish.cli.place import folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and of which server."""
    parser.add_argument("out", metavar="OUT.json", help="where the trace is written when the editor leaves")
    parser.add_argument("--strip", action="store_true", help="keep no text: every letter typed becomes an x")
    parser.add_argument("--workspace", default=".", metavar="DIR", help="files outside it are not recorded")
    parser.add_argument("--server", metavar="COMMAND", help="the server (default: pilotfish serve)")


def run(args: argparse.Namespace) -> int:
    """Record until the editor leaves; stdout is the protocol's, so nothing is said there."""
    check_destination(args.out)
    command = parse_command(args.server) if args.server else [sys.executable, "-m", "pilotfish", "serve"]
    recorder = Recorder(folder(args.workspace), strip=args.strip)
    # An editor that is in a hurry ends its server by a signal: what was recorded is written all the same.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return record(command, recorder, sys.stdin.buffer, sys.stdout.buffer)
    finally:
        traces = recorder.traces()
        write_traces(Path(args.out), traces)
        steps = sum(len(trace.steps) for trace in traces)
        print(f"pilotfish: {steps} steps in {len(traces)} files recorded to {args.out}", file=sys.stderr)
