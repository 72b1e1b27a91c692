"""`pilotfish bench`: `latency` unless another task is named."""

from __future__ import annotations

import argparse
from types import ModuleType

from pilotfish.cli import bench_compare, bench_latency

TASKS: dict[str, tuple[ModuleType, str]] = {
    "latency": (bench_latency, "how long a user waits (the default)"),
    "compare": (bench_compare, "two settings or two servers, in ratios"),
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
