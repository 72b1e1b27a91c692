"""`pilotfish explain`: what was shown last, whose word it was, and why there was nothing."""

from __future__ import annotations

import argparse
from collections import defaultdict

from rich.markdown import Markdown

from pilotfish.cli.numbers import positive
from pilotfish.cli.output import check_destination, output, write_json
from pilotfish.platform.paths import trace_file
from pilotfish.session.explanation import explained
from pilotfish.session.traces import read_traces


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument("--last", metavar="N", type=positive, default=3, help="so many requests (default: 3)")
    parser.add_argument("--silent", action="store_true", help="only those for which nothing was shown")
    parser.add_argument("--json", metavar="PATH", help="write the traces as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Explain the last requests of all servers of this user."""
    check_destination(args.json)
    traces, events = [], defaultdict(list)
    for line in read_traces(trace_file()):
        if "event" in line:
            events[line.get("id", "")].append(line["event"])
        elif not (args.silent and str(line.get("decision")).endswith(("shown", "done", "cancelled"))):
            traces.append(line)
    last = traces[-args.last :]
    if args.json:
        write_json(args.json, [{**trace, "events": events.get(trace.get("id", ""), [])} for trace in last])
        return 0
    console = output()
    text = explained(last, events)
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        console.print(text, markup=False, soft_wrap=True)
    return 0
