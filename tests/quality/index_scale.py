"""How indexing time and memory grow with the code base, with the real indexer process.

    python tests/quality/index_scale.py FOLDER [--lines 10000 100000 …]
        [--json docs/runs/index-growth.json] [--svg docs/index-growth.svg]

Of FOLDER (as large as a kernel, best) as many files as have so many lines are linked into a temporary tree,
taken evenly from all of it; 0 stands for the whole folder. Each tree is indexed from nothing, 1,000 of its
files are changed at once, and the indexer is started once more. Prints a row for each tree: seconds by the
clock and of the CPU, and memory; `--json` writes them as a table, `--svg` draws them. Linux only: memory is
read from /proc.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.cpu import cpu_seconds
from pilotfish.bench.machine import describe_machine
from pilotfish.bench.memory import read_memory
from pilotfish.settings.model import IndexSettings
from tests.quality.arguments import parser_of
from tests.quality.table import write_table

CHANGED = 1_000


class Indexer:
    """A real indexer process, its memory sampled ten times a second."""

    def __init__(self, root: Path, directory: Path) -> None:
        settings = IndexSettings()
        command = [sys.executable, "-P", "-m", "pilotfish.index", str(root), str(directory)]
        command += [f"--max-tokens={settings.max_tokens}", f"--max-file-bytes={settings.max_file_bytes}"]
        self.started = time.monotonic()
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.private_mb = 0.0
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        while (memory := read_memory(self.child.pid)) is not None:
            self.private_mb = max(self.private_mb, memory.private_mb)
            time.sleep(0.1)

    def wait_until_ready(self, heard: int = 0) -> dict[str, Any]:
        """The first event `ready` that has heard of a report."""
        assert self.child.stdout
        for line in self.child.stdout:
            event: dict[str, Any] = json.loads(line)
            if event["state"] == "failed":
                raise SystemExit(event["text"])
            if event["state"] == "ready" and event.get("heard", 0) >= heard:
                return event
        raise SystemExit("the indexer died")

    def tell(self, command: dict[str, Any]) -> None:
        """Send it a command."""
        assert self.child.stdin
        self.child.stdin.write(json.dumps(command).encode() + b"\n")
        self.child.stdin.flush()

    def cpu_s(self) -> float:
        """What it has worked so far."""
        return cpu_seconds(self.child.pid) or 0.0

    def end(self) -> None:
        """Stop it."""
        self.tell({"do": "stop"})
        self.child.communicate()


def main() -> int:
    """Measure each size and print a line for it."""
    parser = parser_of(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 10_000_000, 0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path)
    options = parser.parse_args()
    machine = describe_machine()
    rows = []
    for lines in options.lines:
        with (
            tree_of(options.folder.resolve(), lines) as (root, files),
            tempfile.TemporaryDirectory() as cache,
        ):
            rows.append(measure(root, Path(cache) / "i", files))
        print(json.dumps(rows[-1]), flush=True)
    if options.json:
        write_table(options.json, rows, machine)
    if options.svg:
        options.svg.write_text(plot(rows))
    return 0


def plot(rows: list[dict[str, float]]) -> str:
    """CPU seconds and memory over lines, both axes logarithmic, as SVG."""
    width, height, margin = 640, 360, 56
    shown = {"cold CPU s": "#1f6feb", "private MB": "#c2410c", "catalog MB": "#15803d"}
    values = [row[name] for row in rows for name in shown]
    low_x, high_x = (log10(bound(row["lines"] for row in rows)) for bound in (min, max))
    low_y, high_y = floor(log10(min(values))), ceil(log10(max(values)))

    def x(lines: float) -> float:
        return margin + (log10(lines) - low_x) / (high_x - low_x or 1) * (width - 2 * margin)

    def y(value: float) -> float:
        return height - margin - (log10(value) - low_y) / (high_y - low_y or 1) * (height - 2 * margin)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        ' font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for exponent in range(low_y, high_y + 1):
        level = y(10**exponent)
        parts.append(f'<path d="M{margin} {level:.1f}H{width - margin}" stroke="#ddd"/>')
        parts.append(f'<text x="{margin - 6}" y="{level + 4:.1f}" text-anchor="end">{10**exponent:g}</text>')
    for row in rows:
        place = f'x="{x(row["lines"]):.1f}" y="{height - margin + 18}" text-anchor="middle"'
        parts.append(f"<text {place}>{row['lines']:,}</text>")
    for number, (name, colour) in enumerate(shown.items()):
        points = " ".join(f"{x(row['lines']):.1f},{y(row[name]):.1f}" for row in rows)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{margin + 12}" y="{margin - 28 + 16 * number}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{width / 2}" y="{height - 8}" text-anchor="middle">lines of source</text></svg>')
    return "\n".join(parts) + "\n"


def measure(root: Path, directory: Path, files: dict[str, int]) -> dict[str, float]:
    """One tree: cold, changed, warm."""
    indexer = Indexer(root, directory)
    event = indexer.wait_until_ready()
    row = {
        "files": len(files),
        "lines": sum(files.values()),
        "cold s": round(time.monotonic() - indexer.started, 2),
        "cold CPU s": round(indexer.cpu_s(), 2),
        "tokens": event.get("tokens", 0),
        "private MB": round(indexer.private_mb, 1),
        "segments MB": round(size(directory / "segments") / 1e6, 1),
        "catalog MB": round(size(directory / "catalogs") / 1e6, 1),
    }
    changed = list(files)[:: max(1, len(files) // CHANGED)][:CHANGED]
    for path in changed:
        text = (root / path).read_bytes()
        (root / path).unlink()  # It may be a link to the original.
        (root / path).write_bytes(text + b"\n// one more line\n")
    started, before = time.monotonic(), indexer.cpu_s()
    indexer.tell({"do": "changed", "paths": changed, "number": 1})
    indexer.wait_until_ready(heard=1)
    row |= {
        "changed files": len(changed),
        "changed s": round(time.monotonic() - started, 2),
        "changed CPU s": round(indexer.cpu_s() - before, 2),
        "private MB after": round(indexer.private_mb, 1),
    }
    indexer.end()
    again = Indexer(root, directory)
    again.wait_until_ready()
    row |= {"warm s": round(time.monotonic() - again.started, 2), "warm CPU s": round(again.cpu_s(), 2)}
    again.end()
    return row


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def tree_of(folder: Path, lines: int) -> Iterator[tuple[Path, dict[str, int]]]:
    """A temporary tree of links with about so many lines, and the lines of each of its files."""
    every = {
        path: path.read_bytes().count(b"\n")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= 1_000_000
    }
    step = max(1, round(sum(every.values()) / lines)) if lines else 1
    chosen, left = {}, lines or sys.maxsize
    for path in list(every)[::step]:
        if left > 0:
            chosen[path.relative_to(folder).as_posix()] = every[path]
            left -= every[path]
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        for name in chosen:
            target = Path(temporary) / "tree" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(folder / name, target)
            except OSError:
                shutil.copyfile(folder / name, target)
        yield Path(temporary) / "tree", chosen


if __name__ == "__main__":
    sys.exit(main())
