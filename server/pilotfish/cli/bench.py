"""`pilotfish bench`: how long a user waits, measured on a real server over the wire."""

from __future__ import annotations

import argparse
import shlex
import sys

from rich.console import Console
from rich.progress import Progress

from pilotfish.bench.display import show_intention, show_report
from pilotfish.bench.machine import describe_machine
from pilotfish.bench.measure import Contest, measure
from pilotfish.bench.report import report
from pilotfish.bench.thresholds import missed, parse_threshold
from pilotfish.cli.output import check_destination, write_json
from pilotfish.cli.place import folder
from pilotfish.errors import InputError

DEFAULT_KEYS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is measured, and what is done with the figures."""
    parser.add_argument(
        "--workspace",
        action="append",
        metavar="DIR",
        help="a folder to type in; may be given several times (default: the current one)",
    )
    parser.add_argument("--keys", type=_positive, default=DEFAULT_KEYS, help="keys typed in each folder")
    parser.add_argument("--starts", type=_positive, default=7, help="how often each server's start is timed")
    parser.add_argument(
        "--seed", default="1", help="chooses the places; the same seed asks the same requests"
    )
    parser.add_argument(
        "--server", metavar="COMMAND", help="another server to measure (default: pilotfish serve)"
    )
    parser.add_argument("--json", metavar="PATH", help="write the report as JSON; - is stdout")
    parser.add_argument(
        "--fail-if",
        action="append",
        default=[],
        metavar="CONDITION",
        help="exit with 1 if this holds, for example 'p95_ms > 30' or 'startup.ratio > 1.25'",
    )


def run(args: argparse.Namespace) -> int:
    """Measure, show, write, judge: 0 good, 1 a threshold was missed, 2 something failed, 130 interrupted."""
    thresholds = [parse_threshold(text) for text in args.fail_if]
    check_destination(args.json)
    server = _command(args.server) if args.server else [sys.executable, "-m", "pilotfish", "serve"]
    roots = [folder(name) for name in args.workspace or ["."]]
    console = Console(stderr=args.json == "-")
    machine = describe_machine()
    show_intention(console, [root.name for root in roots], args.keys, args.seed)
    terminal = Console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        task = progress.add_task("starting", total=1.0)
        contest = Contest(
            server=server,
            floor=[sys.executable, "-m", "pilotfish.bench.echo_server"],
            keys=args.keys,
            seed=args.seed,
            starts=args.starts,
            on_progress=lambda text, done: progress.update(task, description=text, completed=done),
        )
        measured = measure(roots, contest)
    result = report(measured, contest, machine)
    show_report(console, result)
    if args.json:
        write_json(args.json, result)
    if measured.interrupted:
        return 130
    if not measured.is_complete:
        return 2
    sentences = [sentence for threshold in thresholds for sentence in missed(threshold, result)]
    for sentence in sentences:
        console.print(f"Missed: {sentence}", style="red", highlight=False, markup=False)
    return 1 if sentences else 0


def _command(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a command: {error}") from error


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return number
