"""pilotfish beside tabby-agent on one stub model: waits, model calls, start and memory, measured in one run.

    npm install --prefix PEER tabby-agent@1.5.0 --ignore-scripts
    python tests/quality/beside_tabby.py PEER [--rounds N] [--bursts N] [--json docs/runs/beside-tabby.json]

Both servers get the same workspace, positions and keys, in turns, and the same model that answers at once:
JSON to the peer, server-sent events to us. Cold, cached and typed along with no waiting allowed; bursts of
eight keys with the settings that each is shipped with. Times are from the request to its answer, in a burst
from the last key, as a client sees them. Prints all figures as JSON; `--json` writes a table with a row a
figure.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.memory import read_memory
from pilotfish.bench.peers import PEERS, SHIPPED
from pilotfish.bench.stub import calls, running
from pilotfish.bench.stub_model import Script
from tests.quality.arguments import parser_of
from tests.quality.contestant import Contestant, Server, pilotfish
from tests.quality.table import Row, percentiles, write_table

SAID = " + compute(argument)"
POSITION = re.compile(r"^ {4,}(?:return \w+|\w+ = [\w.]+)$")
SOURCES = Path(__file__).parents[2] / "server" / "pilotfish"
FILES = ("text", "settings", "prompt", "bench", "index", "syntax", "models")
PHASES = ("cold", "gather", "cached", "typed_along")
KEYS_ALONG = 6
BURST_KEYS = 8
STARTS = 7
PEER = "tabby-agent 1.5.0"
Place = tuple[Path, int, int]
"""A file, a line and a column."""


def both(kind: str, peer: Path, home: Path, url: str) -> tuple[Contestant, Contestant]:
    """Both servers, with nothing to wait for (`at_once`) or as they are shipped; not started."""
    tabby = PEERS[0]
    folder = home / f"tabby-{kind}"
    folder.mkdir()
    around = tabby.prepare("no-debounce" if kind == "at_once" else SHIPPED, folder, url)
    script = peer / "node_modules" / "tabby-agent" / "dist" / "cli.js"
    command = ["node", str(script), "--lsp", "--stdio"]
    options = {"completion": {"max_wait_ms": 0}} if kind == "at_once" else {}
    return (
        pilotfish(home, url, options),
        Contestant("tabby-agent", command, around, {}, "completion", tabby.settle_s, is_ours=False),
    )


@contextmanager
def started(contestants: Sequence[Contestant], root: Path) -> Iterator[list[Server]]:
    """Servers that run and are ready."""
    with ExitStack() as stack:
        servers = []
        for contestant in contestants:
            server = Server(contestant, root)
            stack.enter_context(closing(server.client))
            server.settle()
            servers.append(server)
        yield servers


def first_answer(contestant: Contestant, root: Path) -> tuple[float, float]:
    """Milliseconds from the start of the process until `initialize` and the first completion are answered.

    As an editor would: the first file is opened when `initialize` is answered, with the cursor in it.
    """
    path, line, column = places(root)[0]
    server = Server(contestant, root)
    with closing(server.client):
        server.open(path.as_uri(), path.read_text(encoding="utf-8"))
        answer = server.client.wait(server.begin(path.as_uri(), line, column))
        return server.start_ms, 1000 * (answer.arrived_at - server.client.started_at)


def places(root: Path) -> list[Place]:
    """Ends of lines where what the stub says fits."""
    return [
        (path, number, len(line))
        for path in sorted(root.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"))
        if POSITION.match(line)
    ]


def figures(values: Sequence[float]) -> dict[str, float]:
    """How many there are, and their percentiles."""
    p50, p95 = percentiles(values, 0.5, 0.95)
    return {"n": len(values), "p50_ms": p50, "p95_ms": p95}


class Tally:
    """What one server did at all places.

    Attributes:
        times: milliseconds by phase; `gather` is the part of a cold completion that looks for context.
        silent: how many cold completions offered nothing.
        calls_when_known: how often the model was asked for what was known already.
    """

    def __init__(self, server: Server, log: Path) -> None:
        self._server, self._log = server, log
        self._opened: set[Path] = set()
        self.times: dict[str, list[float]] = {phase: [] for phase in PHASES}
        self.silent = 0
        self.calls_when_known = 0

    def visit(self, path: Path, line: int, column: int) -> None:
        """Ask there, ask again, and type along."""
        server, uri = self._server, path.as_uri()
        if path not in self._opened:
            self._opened.add(path)
            server.open(uri, path.read_text(encoding="utf-8"))
            time.sleep(0.05)
            server.ask(uri, 0, 0)
        cold_ms, is_offered = server.ask(uri, line, column)
        self.times["cold"].append(cold_ms)
        self.silent += not is_offered
        if server.is_ours:
            (trace,) = server.client.request("pilotfish/trace", {"last": 1}).result
            spent = [stage["ms"] for stage in trace["stages"] if stage["stage"] == "gather"]
            self.times["gather"] += spent
        before = len(calls(self._log))
        self.times["cached"].append(server.ask(uri, line, column)[0])
        for typed, key in enumerate(SAID[:KEYS_ALONG]):
            server.type(uri, line, column + typed, key)
            self.times["typed_along"].append(server.ask(uri, line, column + typed + 1)[0])
        self.calls_when_known += len(calls(self._log)) - before

    def report(self) -> dict[str, Any]:
        """The figures of each phase, and the two counts."""
        phases = {phase: figures(values) for phase, values in self.times.items() if values}
        return {**phases, "silent": self.silent, "calls_when_known": self.calls_when_known}


def at_once(servers: Sequence[Server], chosen: Sequence[Place], log: Path) -> dict[str, Any]:
    """Cold, the same again, and typed along; each server in its turn at each place."""
    tallies = {server.name: Tally(server, log) for server in servers}
    for number, place in enumerate(chosen):
        for server in servers if number % 2 else servers[::-1]:
            tallies[server.name].visit(*place)
    return {name: tally.report() for name, tally in tallies.items()}


def bursts(
    servers: Sequence[Server], chosen: Sequence[Place], log: Path, gap_s: float, *, follow: bool
) -> dict[str, Any]:
    """Eight keys, a pause; from the last key to the answer, and how often the model was asked.

    Each place is used once. `follow`: the keys after the first are those that the model says.
    """
    result = {}
    for server in servers:
        last, asked = [], []
        for number, place in enumerate(chosen):
            name = f"{place[0].stem}_{server.name}_{int(gap_s * 1000)}_{follow}_{number}.py"
            uri = place[0].with_name(name.replace("-", "_")).as_uri()
            before = len(calls(log))
            last.append(burst(server, uri, place, gap_s, follow=follow))
            asked.append(len(calls(log)) - before)
        result[server.name] = {
            **figures(last),
            "calls_a_burst": round(sum(asked) / len(asked), 2),
            "most_calls": max(asked),
        }
    return result


def burst(server: Server, uri: str, place: Place, gap_s: float, *, follow: bool) -> float:
    """Milliseconds from the last key to its answer, in a copy of the file at `uri` that no disk has."""
    path, line, column = place
    server.open(uri, path.read_text(encoding="utf-8"))
    time.sleep(1.0)
    keys = "x" + SAID[: BURST_KEYS - 1] if follow else "qzxwvjkp"
    pending = []
    for typed, key in enumerate(keys):
        if typed:
            time.sleep(gap_s)
        server.type(uri, line, column + typed, key)
        pending.append(server.begin(uri, line, column + typed + 1))
    last = server.client.wait(pending.pop())
    server.take(pending, within_s=5)
    time.sleep(0.3)
    server.close(uri)
    return last.ms


def run(args: Namespace) -> dict[str, Any]:
    """Everything, each part with servers of its own."""
    with tempfile.TemporaryDirectory(prefix="beside-", ignore_cleanup_errors=True) as folder:
        home, root = Path(folder), Path(folder).resolve() / "workspace"
        for name in FILES:
            shutil.copytree(SOURCES / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        chosen = places(root)
        report: dict[str, Any] = {"positions": min(args.rounds, len(chosen))}
        starts: dict[str, list[float]] = {"pilotfish": [], "tabby-agent": []}
        firsts: dict[str, list[float]] = {name: [] for name in starts}
        with running(Script(text=SAID), home) as (url, log):
            with started(both("at_once", args.peer, home, url), root) as servers:
                report["at_once"] = at_once(servers, chosen[: args.rounds], log)
                time.sleep(3)
                report["private_mb"] = {server.name: private_mb(server) for server in servers}
                for server in servers:
                    starts[server.name].append(server.start_ms)
            with started(both("shipped", args.peer, home, url), root) as servers:
                for turn, (gap_ms, follow) in enumerate(itertools.product((80, 150), (True, False))):
                    some = chosen[turn * args.bursts :][: args.bursts]
                    name = f"{'follow' if follow else 'other'}_{gap_ms}_ms"
                    report[name] = bursts(servers, some, log, gap_ms / 1000, follow=follow)
                for server in servers:
                    starts[server.name].append(server.start_ms)
            for turn in range(STARTS):
                for contestant in both(f"start-{turn}", args.peer, home, url):
                    start_ms, first_ms = first_answer(contestant, root)
                    starts[contestant.name].append(start_ms)
                    firsts[contestant.name].append(first_ms)
        report["start_ms"] = {name: round(median(values), 1) for name, values in starts.items()}
        report["first_ms"] = {name: round(median(values), 1) for name, values in firsts.items()}
        return report


def private_mb(server: Server) -> float | None:
    """Its private memory; None where the system does not say."""
    memory = read_memory(server.client.process.pid)
    return round(memory.private_mb, 1) if memory else None


def as_rows(report: Mapping[str, Any]) -> list[Row]:
    """One row a figure."""
    ours, peers = (report["at_once"][name] for name in ("pilotfish", "tabby-agent"))
    rows = pair("no waiting allowed, cold", ours["cold"], peers["cold"])
    for part in ("p50", "p95"):
        what = f"of that looking for context, {part} (ms)"
        spent = f"{ours['gather'][f'{part}_ms']:.1f}"
        rows.append({"what": what, "pilotfish": spent, PEER: "", "ratio": "", "model calls of pilotfish": ""})
    rows += pair("asked again", ours["cached"], peers["cached"])
    rows += pair("typed along", ours["typed_along"], peers["typed_along"])
    for gap_ms in (80, 150):
        for name, what in (("follow", "that follow the offer"), ("other", "that do not")):
            ours, peers = (report[f"{name}_{gap_ms}_ms"][who] for who in ("pilotfish", "tabby-agent"))
            asked = f"{ours['calls_a_burst']} a burst, at most {ours['most_calls']}"
            rows += pair(f"as shipped, {BURST_KEYS} keys {what}, {gap_ms} ms apart", ours, peers, asked)
    for key, what in (
        ("start_ms", "start to `initialize` answered (ms)"),
        ("first_ms", "start to the first completion answered (ms)"),
        ("private_mb", "private memory of the server (MB)"),
    ):
        rows.append(row(what, report[key]["pilotfish"], report[key]["tabby-agent"]))
    return rows


def pair(what: str, ours: Mapping[str, float], peers: Mapping[str, float], asked: str = "") -> list[Row]:
    """A row for the median, and one for the 95th percentile."""
    return [
        row(f"{what}, {part} (ms)", ours[f"{part}_ms"], peers[f"{part}_ms"], asked) for part in ("p50", "p95")
    ]


def row(what: str, ours: float, peers: float, asked: str = "") -> Row:
    """Both servers' figure; `asked`: how often ours asked the model."""
    ratio = f"{ours / peers:.2f}"
    both_of_them = {"pilotfish": f"{ours:.1f}", PEER: f"{peers:.1f}", "ratio": ratio}
    return {"what": what, **both_of_them, "model calls of pilotfish": asked}


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("peer", type=Path, help="the folder that holds node_modules/tabby-agent")
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--bursts", type=int, default=12)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    machine = describe_machine()
    report = run(args)
    print(json.dumps(report, indent=1))
    if args.json:
        write_table(args.json, as_rows(report), machine)


if __name__ == "__main__":
    main()
