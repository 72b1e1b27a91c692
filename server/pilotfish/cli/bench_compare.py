"""`pilotfish bench compare`: two settings, two versions or two servers, at the same work in the same run."""

from __future__ import annotations

import argparse
import sys

from pilotfish.bench.compare import Contestant, Match, compare
from pilotfish.bench.machine import describe_machine
from pilotfish.bench.peers import SHIPPED
from pilotfish.bench.scenarios import GENERATORS
from pilotfish.bench.show_comparison import show_comparison
from pilotfish.bench.thresholds import parse_threshold
from pilotfish.cli.bench_options import (
    add_report_arguments,
    check_destinations,
    judge,
    parse_command,
    parse_settings,
    progress,
    report_console,
    speed,
    stub_script,
    write_reports,
)
from pilotfish.cli.numbers import positive
from pilotfish.cli.place import folder
from pilotfish.errors import InputError

PILOTFISH = (sys.executable, "-m", "pilotfish", "serve")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who against whom, and at what."""
    parser.add_argument("one", nargs="?", default="{}", metavar="SETTINGS", help="of the one, JSON or @FILE")
    parser.add_argument("other", nargs="?", default="{}", metavar="SETTINGS", help="of the other")
    parser.add_argument("--server", metavar="COMMAND", help="the one's server (default: pilotfish serve)")
    parser.add_argument(
        "--against",
        metavar="COMMAND",
        help="the other's server: another version, or any that speaks (inline) completion over stdio",
    )
    parser.add_argument(
        "--variant", default=SHIPPED, help="of tabby-agent: shipped (the default) or no-debounce"
    )
    parser.add_argument("--workspace", default=".", metavar="DIR", help="the folder to type in")
    parser.add_argument(
        "--keys", type=positive, default=500, metavar="N", help="questions asked (default: %(default)s)"
    )
    parser.add_argument(
        "--starts",
        type=positive,
        default=5,
        metavar="N",
        help="how often each start is timed (default: %(default)s)",
    )
    parser.add_argument("--seed", default="1", help="chooses the places")
    parser.add_argument("--speed", type=speed, default=None, metavar="max|human|N", help="as of latency")
    parser.add_argument(
        "--scenario", action="append", default=[], choices=list(GENERATORS), help="as of latency"
    )
    parser.add_argument(
        "--stub", metavar="NAME=VALUE,...", nargs="?", const="", help="the scripted model that both ask"
    )
    add_report_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Compare, show, write, judge: 0 good, 1 a threshold was missed, 2 something failed."""
    thresholds = [parse_threshold(text) for text in args.fail_if]
    check_destinations(args)
    one = Contestant("one", _command(args.server), parse_settings(args.one))
    other = Contestant("other", _command(args.against), parse_settings(args.other), args.variant)
    if (one.command, one.settings) == (other.command, other.settings):
        raise InputError("both are the same: give two settings, or another server with --against")
    root, stub = folder(args.workspace), stub_script(args)
    console = report_console(args)
    console.print(
        f"Asks both {args.keys} times, the same at the same time, each first by turns (seed {args.seed}).",
        highlight=False,
    )
    with progress() as tell:
        match = Match(
            root,
            args.keys,
            args.seed,
            args.speed,
            stub,
            args.starts,
            tell,
            tuple(args.scenario or GENERATORS),
        )
        result = compare(one, other, match, describe_machine())
    show_comparison(console, result)
    write_reports(args, result)
    return judge(console, thresholds, result)


def _command(text: str | None) -> tuple[str, ...]:
    return tuple(parse_command(text)) if text else PILOTFISH
