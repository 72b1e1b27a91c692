"""pilotfish beside tabby-agent on one stub model: waits, model calls, start and memory, measured in one run.

    npm install --prefix PEER tabby-agent@1.5.0 --ignore-scripts
    python tests/quality/beside_tabby.py PEER [--rounds N] [--json OUT]

Both servers get the same workspace, positions and keys, in turns, and the same model that answers at once: JSON to the peer,
server-sent events to us. Cold, cached and typed along with no waiting allowed; bursts of eight keys with the settings that
each is shipped with. Times are from the request to its answer, in a burst from the last key, as a client sees them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from table import write_table

from pilotfish.bench.memory import read_memory
from pilotfish.bench.peers import PEERS
from pilotfish.bench.stub import Script, calls, running

SAID = " + compute(argument)"
POSITION = re.compile(r"^ {4,}(?:return \w+|\w+ = [\w.]+)$")
SOURCES = Path(__file__).parents[2] / "server" / "pilotfish"
FILES = ("text", "settings", "prompt", "bench", "index", "syntax", "models")
BURST_KEYS = 8
STARTS = 7


@dataclass
class Server:
    """One language server, spoken to as its editor would."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    settle_s: float
    ours: bool
    log: Path
    options: dict[str, Any] = field(default_factory=dict)
    start_ms: float = 0.0
    first_ms: float = 0.0

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[tuple[float, Any]]] = {}
        self._versions = itertools.count(2)

    async def start(self, root: Path, *, settle: bool = True) -> None:
        started = time.perf_counter()
        self.process = await asyncio.create_subprocess_exec(
            *self.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **self.environment}, limit=1 << 24)
        self._reading = asyncio.ensure_future(self._read())
        method = "inlineCompletion" if self.ours else "completion"
        await self.request("initialize", {
            "processId": os.getpid(), "clientInfo": {"name": "beside"}, "rootUri": root.as_uri(),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": {"textDocument": {method: {}}}, "initializationOptions": self.options})
        self.start_ms = 1000 * (time.perf_counter() - started)
        self.notify("initialized", {})
        if not settle:
            return
        await asyncio.sleep(self.settle_s)
        while self.ours and (await self.request("pilotfish/status", None))[1]["index"]["state"] == "building":
            await asyncio.sleep(0.05)

    async def first_answer(self, root: Path) -> None:
        """From the start of the process until the first completion is answered, in `first_ms`; ends the process.

        As an editor would: the first file is opened when `initialize` is answered, with the cursor in it.
        """
        path, line, column = places(root)[0]
        started = time.perf_counter()
        await self.start(root, settle=False)
        self.open(path.as_uri(), path.read_text())
        await self.ask(path.as_uri(), line, column)
        self.first_ms = 1000 * (time.perf_counter() - started)
        await self.stop()

    async def stop(self) -> None:
        self.process.kill()
        await self.process.wait()
        self._reading.cancel()

    def notify(self, method: str, params: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    async def request(self, method: str, params: Any) -> tuple[float, Any]:
        """When the answer came, and what it is."""
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._write({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        async with asyncio.timeout(30):
            return await self._waiting[number]

    def open(self, uri: str, text: str) -> None:
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}})

    def type(self, uri: str, line: int, column: int, text: str) -> None:
        at = {"line": line, "character": column}
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": next(self._versions)},
                                               "contentChanges": [{"range": {"start": at, "end": at}, "text": text}]})

    async def ask(self, uri: str, line: int, column: int) -> tuple[float, bool]:
        """Milliseconds from now to the answer, and whether it offers something."""
        asked = time.perf_counter()
        method = "textDocument/inlineCompletion" if self.ours else "textDocument/completion"
        came, result = await self.request(method, {"textDocument": {"uri": uri}, "position": {"line": line, "character": column},
                                                   "context": {"triggerKind": 2, "triggerCharacter": " "}})
        return 1000 * (came - asked), bool(result and result["items"])

    def _write(self, message: Any) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _read(self) -> None:
        assert self.process.stdout
        while True:
            head = await self.process.stdout.readuntil(b"\r\n\r\n")
            body = await self.process.stdout.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))  # type: ignore[index]
            came, message = time.perf_counter(), json.loads(body)
            if "method" in message:
                if "id" in message:
                    nothing = [None] * len((message.get("params") or {}).get("items", [])) or None
                    self._write({"jsonrpc": "2.0", "id": message["id"], "result": nothing})
            elif (waiting := self._waiting.get(message["id"])) and not waiting.done():
                waiting.set_result((came, message.get("result")))


def both(kind: str, peer: Path, home: Path, url: str, log: Path) -> tuple[Server, Server]:
    """Both servers, with nothing to wait for (`at_once`) or as they are shipped; not started."""
    tabby = PEERS[0]
    folder = home / f"tabby-{kind}"
    folder.mkdir()
    environment = tabby.prepare("no-debounce" if kind == "at_once" else "shipped", folder, url)
    agent = ["node", str(peer / "node_modules" / "tabby-agent" / "dist" / "cli.js"), "--lsp", "--stdio"]
    own = {"XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}
    options = {"backend": ["stub"], "backends": {"stub": {"kind": "llama.cpp", "url": url}}}
    if kind == "at_once":
        options["completion"] = {"max_wait_ms": 0}
    return (Server("pilotfish", [sys.executable, "-m", "pilotfish", "serve"], own, 0.0, True, log, options),
            Server("tabby-agent", agent, environment, tabby.settle_s, False, log))


@asynccontextmanager
async def pair(kind: str, peer: Path, home: Path, root: Path, url: str, log: Path) -> Any:
    """Both servers, started and ready."""
    servers = both(kind, peer, home, url, log)
    for server in servers:
        await server.start(root)
    try:
        yield servers
    finally:
        for server in servers:
            await server.stop()


def places(root: Path) -> list[tuple[Path, int, int]]:
    """Ends of lines where what the stub says fits."""
    found = []
    for path in sorted(root.rglob("*.py")):
        for number, line in enumerate(path.read_text().split("\n")):
            if POSITION.match(line):
                found.append((path, number, len(line)))
    return found


def figures(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"n": len(ordered), "p50_ms": round(median(ordered), 2), "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 2)}


async def at_once(servers: Sequence[Server], root: Path, rounds: int) -> dict[str, Any]:
    """Cold, the same again, and typed along; each server in its turn at each place."""
    phases = ("cold", "gather", "cached", "typed_along")
    times: dict[str, dict[str, list[float]]] = {s.name: {phase: [] for phase in phases} for s in servers}
    silent = {s.name: 0 for s in servers}
    chosen = places(root)[: rounds]
    extra_calls = {s.name: 0 for s in servers}
    opened: set[tuple[str, Path]] = set()
    for number, (path, line, column) in enumerate(chosen):
        for server in servers if number % 2 else servers[::-1]:
            uri = path.as_uri()
            if (server.name, path) not in opened:
                opened.add((server.name, path))
                server.open(uri, path.read_text())
                await asyncio.sleep(0.05)
                await server.ask(uri, 0, 0)
            mine = times[server.name]
            ms, something = await server.ask(uri, line, column)
            mine["cold"].append(ms)
            if server.ours:
                _, (trace,) = await server.request("pilotfish/trace", {"last": 1})
                mine["gather"] += [stage["ms"] for stage in trace["stages"] if stage["stage"] == "gather"]
            silent[server.name] += not something
            before = len(calls(server.log))
            mine["cached"].append((await server.ask(uri, line, column))[0])
            for typed, key in enumerate(SAID[:6]):
                server.type(uri, line, column + typed, key)
                mine["typed_along"].append((await server.ask(uri, line, column + typed + 1))[0])
            extra_calls[server.name] += len(calls(server.log)) - before
    return {name: {**{phase: figures(values) for phase, values in phases.items() if values},
                   "silent": silent[name], "calls_when_known": extra_calls[name]} for name, phases in times.items()}


async def bursts(servers: Sequence[Server], root: Path, rounds: int, gap_s: float, *, follow: bool, skip: int) -> dict[str, Any]:
    """Eight keys, a pause; from the last key to the answer, and how often the model was asked. Each place is used once."""
    result = {}
    chosen = places(root)[skip : skip + rounds]
    for server in servers:
        last, asked = [], []
        for number in range(rounds):
            path, line, column = chosen[number]
            copy = path.with_name(f"{path.stem}_{server.name}_{int(gap_s * 1000)}_{follow}_{number}.py".replace("-", "_"))
            uri = copy.as_uri()
            server.open(uri, path.read_text())
            await asyncio.sleep(1.0)
            before = len(calls(server.log))
            keys = "x" + SAID[: BURST_KEYS - 1] if follow else "qzxwvjkp"
            pending: list[asyncio.Task[tuple[float, bool]]] = []
            for typed, key in enumerate(keys):
                if typed:
                    await asyncio.sleep(gap_s)
                server.type(uri, line, column + typed, key)
                pending.append(asyncio.ensure_future(server.ask(uri, line, column + typed + 1)))
            last.append((await pending[-1])[0])
            await asyncio.wait(pending, timeout=5)
            await asyncio.sleep(0.3)
            asked.append(len(calls(server.log)) - before)
            server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        result[server.name] = {**figures(last), "calls_a_burst": round(sum(asked) / len(asked), 2), "most_calls": max(asked)}
    return result


async def run(args: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        home, root = Path(folder), Path(folder).resolve() / "workspace"
        for name in FILES:
            shutil.copytree(SOURCES / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        report: dict[str, Any] = {"positions": min(args.rounds, len(places(root)))}
        with running(Script(text=SAID), home) as (url, log):
            async with pair("at_once", args.peer, home, root, url, log) as servers:
                report["start_ms"] = {s.name: round(s.start_ms, 1) for s in servers}
                report["at_once"] = await at_once(servers, root, args.rounds)
                await asyncio.sleep(3)
                report["private_mb"] = {s.name: round(read_memory(s.process.pid).private_mb, 1) for s in servers}
            starts: dict[str, list[float]] = {name: [ms] for name, ms in report["start_ms"].items()}
            async with pair("shipped", args.peer, home, root, url, log) as servers:
                for turn, (gap_ms, follow) in enumerate(itertools.product((80, 150), (True, False))):
                    name = f"{'follow' if follow else 'other'}_{gap_ms}_ms"
                    report[name] = await bursts(servers, root, args.bursts, gap_ms / 1000, follow=follow, skip=turn * args.bursts)
                for server in servers:
                    starts[server.name].append(server.start_ms)
            firsts: dict[str, list[float]] = {name: [] for name in starts}
            for turn in range(STARTS):
                for server in both(f"start-{turn}", args.peer, home, url, log):
                    await server.first_answer(root)
                    starts[server.name].append(server.start_ms)
                    firsts[server.name].append(server.first_ms)
            report["start_ms"] = {name: round(median(values), 1) for name, values in starts.items()}
            report["first_ms"] = {name: round(median(values), 1) for name, values in firsts.items()}
        return report


def table(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a figure."""
    def row(what: str, ours: float, peers: float, more: str = "") -> dict[str, Any]:
        return {"what": what, "pilotfish": f"{ours:.1f}", "tabby-agent 1.5.0": f"{peers:.1f}", "ratio": f"{ours / peers:.2f}", "model calls of pilotfish": more}

    def pairs(found: Mapping[str, Any], what: str, of: Any = lambda x: x, more: str = "") -> list[dict[str, Any]]:
        ours, peers = of(found["pilotfish"]), of(found["tabby-agent"])
        return [row(f"{what}, {part.removesuffix('_ms')} (ms)", ours[part], peers[part], more) for part in ("p50_ms", "p95_ms")]

    rows: list[dict[str, Any]] = []
    for phase, what in (("cold", "no waiting allowed, cold"), ("cached", "asked again"), ("typed_along", "typed along")):
        rows += pairs(report["at_once"], what, lambda x, phase=phase: x[phase])
    gathering = report["at_once"]["pilotfish"]["gather"]
    for part in ("p50_ms", "p95_ms"):
        rows.insert(2, {"what": f"of that looking for context, {part.removesuffix('_ms')} (ms)",
                        "pilotfish": f"{gathering[part]:.1f}", "tabby-agent 1.5.0": "", "ratio": "", "model calls of pilotfish": ""})
    rows[2], rows[3] = rows[3], rows[2]
    for gap_ms in (80, 150):
        for name, what in (("follow", "that follow the offer"), ("other", "that do not")):
            found = report[f"{name}_{gap_ms}_ms"]
            calls_each = f"{found['pilotfish']['calls_a_burst']} a burst, at most {found['pilotfish']['most_calls']}"
            rows += pairs(found, f"as shipped, 8 keys {what}, {gap_ms} ms apart", more=calls_each)
    rows.append(row("start to `initialize` answered (ms)", report["start_ms"]["pilotfish"], report["start_ms"]["tabby-agent"]))
    rows.append(row("start to the first completion answered (ms)", report["first_ms"]["pilotfish"], report["first_ms"]["tabby-agent"]))
    rows.append(row("private memory of the server (MB)", report["private_mb"]["pilotfish"], report["private_mb"]["tabby-agent"]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", type=Path, help="the folder that holds node_modules/tabby-agent")
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--bursts", type=int, default=12)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report = asyncio.run(run(args))
    text = json.dumps(report, indent=1)
    print(text)
    if args.json:
        write_table(args.json, table(report))


if __name__ == "__main__":
    main()
