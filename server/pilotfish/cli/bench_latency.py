"""`pilotfish bench latency`: how long a user waits, measured on a real server over the wire."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pilotfish.bench.display import show_intention, show_report
from pilotfish.bench.machine import describe_machine
from pilotfish.bench.measure import Contest, measure
from pilotfish.bench.report import report
from pilotfish.bench.scenarios import GENERATORS
from pilotfish.bench.thresholds import parse_threshold
from pilotfish.bench.traces import read_traces
from pilotfish.cli.bench_options import (
    add_report_arguments,
    add_server_arguments,
    check_destinations,
    judge,
    progress,
    report_console,
    server_command,
    server_settings,
    speed,
    stub_script,
    write_reports,
)
from pilotfish.cli.numbers import positive
from pilotfish.cli.place import folder

DEFAULT_KEYS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is measured, and what is done with the figures."""
    parser.add_argument(
        "--workspace",
        action="append",
        metavar="DIR",
        help="a folder to type in; may be given several times (default: the current one)",
    )
    parser.add_argument(
        "--keys",
        type=positive,
        default=DEFAULT_KEYS,
        metavar="N",
        help="questions asked in each folder (default: %(default)s)",
    )
    parser.add_argument(
        "--starts",
        type=positive,
        default=7,
        metavar="N",
        help="how often each server's start is timed (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", default="1", help="chooses the places; the same seed asks the same requests"
    )
    parser.add_argument(
        "--speed",
        type=speed,
        default=None,
        metavar="max|human|N",
        help="max: the next key comes when the answer is there (the default); human: at the times at which "
        "people type, whether or not the server keeps up; N: that many times faster",
    )
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        choices=list(GENERATORS),
        help="only this kind of work; may be given several times",
    )
    parser.add_argument("--trace", metavar="FILE", help="play what pilotfish bench record wrote")
    add_server_arguments(parser)
    add_report_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measure, show, write, judge: 0 good, 1 a threshold was missed, 2 something failed, 130 interrupted."""
    thresholds = [parse_threshold(text) for text in args.fail_if]
    check_destinations(args)
    roots = [folder(name) for name in args.workspace or ["."]]
    server, settings, stub = server_command(args), server_settings(args), stub_script(args)
    traces = read_traces(Path(args.trace), roots[0]) if args.trace else ()
    console = report_console(args)
    machine = describe_machine()
    keys = sum(step.asks for trace in traces for step in trace.steps) if traces else args.keys
    show_intention(console, [root.name for root in roots], keys, args.seed, args.speed)
    with progress() as tell:
        contest = Contest(
            server=server,
            floor=[sys.executable, "-m", "pilotfish.bench.echo_server"],
            keys=keys,
            seed=args.seed,
            starts=args.starts,
            on_progress=tell,
            speed=args.speed,
            scenarios=args.scenario,
            traces=traces,
            settings=settings,
            stub=stub,
        )
        measured = measure(roots, contest)
    result = report(measured, contest, machine)
    show_report(console, result)
    write_reports(args, result)
    if measured.interrupted:
        return 130
    if not measured.is_complete:
        return 2
    return judge(console, thresholds, result)
