"""From the press of a key to the ghost text on the screen, in the real Neovim 0.11.

    python tests/quality/neovim_keys.py [--keys N] [--json OUT]

Two Neovims with the plugin on copies of this project's server: in one pilotfish with its embedded engine on
the finished index, in the other a server that answers every request at once with the same text. The ends of
lines of real files are written again, twelve lines of each, each key in one Neovim, then in the other. Timed
is each key that brings up another ghost text than what is left of the last: from the write of the key to
Neovim's input to the arrival of the redraw that has the ghost text. Keys that type it along need no server,
and count apart. Fails where pilotfish is later than the other by more than 10 ms (median) or 30 ms (95th
percentile). Prints a row for each kind of key and server; `--json` writes them as a table.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish import __version__
from pilotfish.bench.machine import describe_machine
from tests.neovim.editor import PLUGIN, Editor
from tests.neovim.install import ROOT, neovim_011
from tests.quality.arguments import parser_of
from tests.quality.table import Row, percentiles, write_table
from tests.vscode import instant_server

SEED = 1
MEDIAN_MS, P95_MS = 10.0, 30.0
LINES_A_FILE = 12
KEYS_A_LINE = 20
KEYS_ALONG = 2  # then the line is left: they tell the same again and again
ANSWER_S = 3.0


@dataclass(frozen=True)
class Line:
    """A line of a file that is written again from a column on."""

    path: str
    row: int
    column: int
    rest: str


@dataclass(frozen=True)
class Seen:
    """What a key brought: the ghost text, and when it was drawn; None where there is none."""

    ghost: str
    after_ms: float | None


def lines_of(root: Path) -> Iterator[Line]:
    """Lines of files by chance, some of each, cut before a word."""
    dice = random.Random(SEED)
    paths = sorted(path for path in root.rglob("*.py") if 40 < path.read_text().count("\n") < 600)
    while True:
        path = dice.choice(paths)
        yield from lines_in(path, root, dice)


def lines_in(path: Path, root: Path, dice: random.Random) -> Iterator[Line]:
    """Some lines of one file, in a random order."""
    rows = path.read_text(encoding="utf-8").split("\n")
    for _ in range(LINES_A_FILE):
        row = dice.randrange(10, len(rows))
        text = rows[row]
        starts = [at for at in range(4, len(text) - 8) if text[at].isalpha() and not text[at - 1].isalnum()]
        if text.isascii() and starts:
            column = dice.choice(starts)
            yield Line(path.relative_to(root).as_posix(), row, column, text[column : column + KEYS_A_LINE])


class Bench:
    """A Neovim on a copy of the workspace, and what its last key brought."""

    def __init__(self, folder: Path, command: list[str], editors: ExitStack) -> None:
        self.line: Line | None = None  # that is being written, and as it was
        self.text = ""
        self.root = folder / "workspace"
        shutil.copytree(ROOT / "server", self.root, ignore=shutil.ignore_patterns("__pycache__"))
        (self.root / ".git").mkdir()
        init = folder / "init.lua"
        init.write_text(
            f"""
            vim.opt.runtimepath:prepend({str(PLUGIN)!r})
            vim.g.loaded_python3_provider = 0
            vim.o.swapfile = false
            vim.api.nvim_set_hl(0, "ComplHint", {{ fg = "#808080" }})
            vim.lsp.config("pilotfish", {{ cmd = {{ {", ".join(map(repr, command))} }} }})
            vim.lsp.enable("pilotfish")
            Open = 0
            vim.api.nvim_create_autocmd("LspRequest", {{
              callback = function(event)
                local request = event.data.request
                if request.method == "textDocument/inlineCompletion" then
                  Open = Open + (request.type == "pending" and 1 or request.type == "complete" and -1 or 0)
                end
              end,
            }})
            """,
            encoding="utf-8",
        )
        editor = Editor(neovim_011(), folder, workspace=self.root, init=init, size=(120, 40))
        self.editor = editors.enter_context(editor)
        self.editor.open(next(self.root.rglob("*.py")))
        self.editor.until(self._is_ready, "an index that is ready", deadline_s=90)

    def _is_ready(self) -> bool:
        return bool(self.editor.status().get("index", {}).get("state") == "ready")

    def begin(self, line: Line) -> None:
        """Stand at the end of the line, cut; the one before is as it was again."""
        self.editor.press("<Esc>")
        if self.line is None or line.path != self.line.path:
            self.editor.command(f"silent edit! {line.path}")
        else:
            row = self.line.row
            self.editor.request("nvim_buf_set_lines", 0, row, row + 1, True, [self.text])
        text = self.editor.request("nvim_buf_get_lines", 0, line.row, line.row + 1, True)[0]
        self.editor.request("nvim_buf_set_lines", 0, line.row, line.row + 1, True, [text[: line.column]])
        self.line, self.text = line, text
        self.editor.press(f"{line.row + 1}GzzA")
        self._answered()

    def key(self, key: str) -> Seen:
        """Press it and wait for all that comes of it."""
        drawn = len(self.editor.screen.frames)
        pressed = time.perf_counter()
        self.editor.type(key)
        self._answered()
        frames = [(frame.at, self.editor.ghost(frame)) for frame in self.editor.screen.frames[drawn:]]
        last = frames[-1][1] if frames else self.editor.ghost()
        at = next((at for at, ghost in frames if ghost == last), None)
        return Seen(last, (at - pressed) * 1000 if last and at is not None else None)

    def _answered(self) -> None:
        """Wait until no answer is due any more, and all is drawn."""
        due = time.monotonic() + ANSWER_S
        while self.editor.lua("vim.cmd.redraw() return Open") > 0 and time.monotonic() < due:
            time.sleep(0.001)
        self.editor.lua("vim.cmd.redraw()")


def measure(keys: int) -> dict[str, list[tuple[float, float]]]:
    """Waits for pilotfish and the other, of the same keys: with a new ghost text, and typed along one."""
    waits: dict[str, list[tuple[float, float]]] = {"new": [], "typed along": []}
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        instant = [sys.executable, instant_server.__file__, __version__]
        ours = Bench(
            folder / "pilotfish", [str(Path(sys.executable).with_name("pilotfish")), "serve"], open_things
        )
        others = Bench(folder / "instant", instant, open_things)
        for line in lines_of(ours.root):
            for bench in (ours, others):
                bench.begin(line)
            before, along = ours.editor.ghost(), 0
            for key in line.rest:
                seen, other = ours.key(key), others.key(key)
                kind = "typed along" if seen.ghost and before == key + seen.ghost else "new"
                before = seen.ghost
                if seen.after_ms is not None and other.after_ms is not None:
                    waits[kind].append((seen.after_ms, other.after_ms))
                    along = along + 1 if kind == "typed along" else 0
                if along == KEYS_ALONG:
                    break
            print(f"\r{len(waits['new'])} of {keys}", end="", file=sys.stderr, flush=True)
            if len(waits["new"]) >= keys:
                return waits
    raise AssertionError("there is always another line")


def as_rows(waits: list[tuple[float, float]], kind: str) -> list[Row]:
    """A row for each of the two servers."""
    rows: list[Row] = []
    for name, times in zip(("embedded engine", "instant stub"), zip(*waits, strict=True), strict=True):
        p50, p95, most = percentiles(times, 0.5, 0.95, 1)
        figures = {"p50 ms": p50, "p95 ms": p95, "max ms": most}
        rows.append({"ghost text": kind, "server": name, "keys": len(times), **figures})
    return rows


def main() -> int:
    """Measure and print; 1 if a mark is missed."""
    parser = parser_of(__doc__)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    os.environ.pop("VIMRUNTIME", None)
    machine = describe_machine()
    rows = [row for kind, waits in measure(args.keys).items() for row in as_rows(waits, kind)]
    for row in rows:
        print(row)
    if args.json:
        write_table(args.json, rows, machine)
    own, other = rows[:2]
    is_good = own["p50 ms"] <= other["p50 ms"] + MEDIAN_MS and own["p95 ms"] <= other["p95 ms"] + P95_MS
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
