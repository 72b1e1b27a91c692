"""Overtaken requests: how soon each is answered, and how soon the stream it had open is closed.

    python tests/quality/superseded.py [--requests N] [--gap-ms MS] [--json docs/runs/superseded.json]

A stub model that begins to answer at once and never ends; a request after each key, each at another place.
The answer is timed from the moment at which the next request was sent, the stream's end from the same moment
by the stub's own log. Prints the figures as JSON; `--json` writes the times as a table.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.stub import calls, running
from pilotfish.bench.stub_model import Script
from tests.quality.arguments import parser_of
from tests.quality.contestant import Server, pilotfish
from tests.quality.table import Row, percentiles, write_table

OPTIONS = {"completion": {"max_wait_ms": 0, "ahead": "off"}, "index": {"enabled": False}}


def figures(times_ms: Sequence[float]) -> dict[str, float]:
    """How many there are, and their percentiles."""
    p50, p99, most = percentiles(times_ms, 0.5, 0.99, 1)
    return {"n": len(times_ms), "p50_ms": p50, "p99_ms": p99, "max_ms": most}


def run(requests: int, gap_s: float) -> dict[str, Any]:
    """One server, `requests` keys."""
    with tempfile.TemporaryDirectory(prefix="superseded-", ignore_cleanup_errors=True) as folder:
        home = Path(folder).resolve()
        with running(Script(text="and on " * 2_000, tokens_per_s=500), home) as (url, log):
            server = Server(pilotfish(home, url, OPTIONS), home)
            with closing(server.client):
                server.settle()
                uri = (home / "a.py").as_uri()
                server.open(uri, "")
                pending = []
                for number in range(requests):
                    line = f"x_{number} = "
                    server.type(uri, number, 0, f"{line}\n")
                    pending.append(server.begin(uri, number, len(line)))
                    time.sleep(gap_s)
                overtaken = [server.client.wait(each) for each in pending[:-1]]
                server.close(uri)
                server.client.wait(pending[-1])
                time.sleep(0.5)
                streams = calls(log)
    sent = [each.sent_at for each in pending]
    answered = [
        1000 * (answer.arrived_at - next_sent) for answer, next_sent in zip(overtaken, sent[1:], strict=True)
    ]
    closed = closed_ms(streams, sent)
    return {
        "requests": requests,
        "gap_ms": 1000 * gap_s,
        "answered_null": sum(answer.result is None for answer in overtaken),
        "answered": figures(answered),
        "streams": len(streams),
        "left": sum(stream["ended"] == "left" for stream in streams),
        "closed": figures(closed) if closed else None,
    }


def closed_ms(streams: Sequence[Mapping[str, Any]], sent: Sequence[float]) -> list[float]:
    """A stream belongs to the last request sent before it came; it should end when the next one is sent."""
    closed = []
    for stream in streams:
        later = next((at for at in sent if at > stream["arrived_at"]), None)
        if later is not None:
            closed.append(1000 * (stream["last_at"] - later))
    return closed


def as_rows(report: Mapping[str, Any]) -> list[Row]:
    """The rows of the table."""
    return [
        {
            "what": what,
            "n": found["n"],
            "p50 (ms)": found["p50_ms"],
            "p99 (ms)": found["p99_ms"],
            "max (ms)": found["max_ms"],
        }
        for what, found in (
            ("an overtaken request is answered", report["answered"]),
            ("its stream is closed", report["closed"]),
        )
    ]


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--gap-ms", type=float, default=40)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    machine = describe_machine()
    report = run(args.requests, args.gap_ms / 1000)
    print(json.dumps(report, indent=1))
    if args.json:
        write_table(args.json, as_rows(report), machine)


if __name__ == "__main__":
    main()
