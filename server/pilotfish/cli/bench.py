"""`pilotfish bench`: `latency` unless another task is named."""

from __future__ import annotations

import argparse
from types import ModuleType

from pilotfish.cli import bench_compare, bench_diff, bench_latency, bench_quality, bench_record

TASKS: dict[str, tuple[ModuleType, str]] = {
    "latency": (bench_latency, "how long a user waits (the default)"),
    "quality": (bench_quality, "how often it would have written what stands there"),
    "compare": (bench_compare, "two settings or two servers, in ratios"),
    "record": (bench_record, "keep what happens in an editor, to be played again"),
    "diff": (bench_diff, "where two reports differ"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `latency`, and one subparser a task."""
    parser.set_defaults(task="latency")
    bench_latency.add_arguments(parser)
    tasks = parser.add_subparsers(dest="task", metavar="task")
    for name, (module, meaning) in TASKS.items():
        module.add_arguments(tasks.add_parser(name, help=meaning, description=module.__doc__))


def run(args: argparse.Namespace) -> int:
    """Run the task that was named."""
    code: int = TASKS[args.task or "latency"][0].run(args)
    return code
