"""`pilotfish bench quality`: pieces of a workspace are held out; how many of them would have been offered?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.quality import Examination, examine
from pilotfish.bench.show_quality import show_quality
from pilotfish.bench.tasks import KINDS, draw, read_tasks
from pilotfish.bench.thresholds import parse_threshold
from pilotfish.cli.bench_options import (
    add_report_arguments,
    add_server_arguments,
    check_destinations,
    judge,
    parse_settings,
    progress,
    report_console,
    server_command,
    server_settings,
    stub_script,
    write_reports,
)
from pilotfish.cli.numbers import positive
from pilotfish.cli.place import folder
from pilotfish.context.sources import SOURCES
from pilotfish.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is held out, what is shown, and who is asked."""
    parser.add_argument("--workspace", default=".", metavar="DIR", help="the folder whose files are used")
    parser.add_argument("--kind", choices=KINDS, default="line", help="what is held out (default: lines)")
    parser.add_argument("--tasks", metavar="FILE", help="a table of tasks (docs/bench-report.md) instead")
    parser.add_argument(
        "--count", type=positive, default=200, metavar="N", help="how many tasks (default: %(default)s)"
    )
    parser.add_argument("--seed", default="1", help="chooses them")
    parser.add_argument(
        "--shown", choices=("both", "left"), default="both", help="the text on both sides, or before it only"
    )
    parser.add_argument(
        "--trigger",
        choices=("invoked", "automatic"),
        default="invoked",
        help="as if the user had asked (the default), or only typed: then what is unsure is kept back",
    )
    parser.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=JSON",
        help="one more setting to score on the same tasks; may be given several times",
    )
    parser.add_argument(
        "--ablate-context",
        action="store_true",
        help="score once more without each source of context (docs/context.md), to see what each is worth",
    )
    add_server_arguments(parser)
    add_report_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Score, show, write, judge: 0 good, 1 a threshold was missed, 2 something failed."""
    thresholds = [parse_threshold(text) for text in args.fail_if]
    check_destinations(args)
    root = folder(args.workspace)
    tasks = read_tasks(Path(args.tasks), root) if args.tasks else draw(root, args.kind, args.count, args.seed)
    tasks = tasks[: args.count]
    if not tasks:
        raise InputError(f"{args.tasks} has no task for {root.name}")
    server, settings, stub = server_command(args), _settings(args), stub_script(args)
    console = report_console(args)
    console.print(f"Holds out {len(tasks)} pieces of {root.name}, and asks for each.", highlight=False)
    with progress() as tell:
        examination = Examination(
            server,
            settings,
            tell,
            left_only=args.shown == "left",
            trigger=args.trigger,
            stub=stub,
            seed=args.seed,
        )
        result = examine(root, tasks, examination, describe_machine())
    show_quality(console, result)
    write_reports(args, result)
    return judge(console, thresholds, result)


def _settings(args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By name, in the order in which they are scored."""
    own = server_settings(args)
    settings = {"as set": own} | dict(map(_named, args.setting))
    if args.ablate_context:
        context = own.get("context", {})
        for source in SOURCES:
            settings[f"- {source}"] = {**own, "context": {**context, "disabled_sources": [source]}}
    return settings


def _named(text: str) -> tuple[str, dict[str, Any]]:
    name, equals, settings = text.partition("=")
    if not equals or not name:
        raise InputError(f"{text!r} is no named setting; write for example 'careful={{\"completion\": …}}'")
    return name, parse_settings(settings)
