"""Makes the runs that docs/benchmarks.md tells of: `make bench`.

    python tests/quality/benchmarks.py [RUN …] [--large TREE]

Runs: latency, human, tabby, tabby-shipped, llama, vscode, neovim; all without any. Each writes its JSON to
docs/runs, and at the end the page's tables are made from them. `--large TREE` types into a tree of your own
too (a kernel, say). Needs npm for the two of Tabby (its agent is installed below build/), and the development
packages for llama (the real llama.cpp server, with a tiny model that is made on the spot). What is missing is
said, and fails the command.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.models.tiny_gguf import write_tiny_gguf
from tests.quality.arguments import parser_of

ROOT = Path(__file__).parents[2]
RUNS = ROOT / "docs" / "runs"
BUILD = ROOT / "build" / "bench"
PILOTFISH = [sys.executable, "-m", "pilotfish"]
STDLIB = Path(sysconfig.get_path("stdlib"))
ALONE = '{"backend": ["stub"], "completion": {"max_wait_ms": 0}}'


def bench(*arguments: str) -> None:
    """`pilotfish bench` with these arguments."""
    subprocess.run([*PILOTFISH, "bench", *arguments], cwd=ROOT, check=True)


def latency(large: list[str]) -> None:
    """As fast as answers come: this repository, a million tokens, two million lines, and --large."""
    places = [str(ROOT), str(a_million_tokens()), str(two_million_lines()), *large]
    workspaces = [part for place in places for part in ("--workspace", place)]
    bench("latency", *workspaces, "--keys", "3000", "--json", str(RUNS / "latency.json"))


def human(large: list[str]) -> None:
    """At a person's pace, five times as fast, with a model that needs 80 ms for its first piece."""
    stub = "first_token_ms=80,tokens_per_s=60,jitter=0.3"
    workspace = ("--workspace", str(a_million_tokens()))
    pace = ("--keys", "600", "--speed", "5", "--stub", stub)
    bench("latency", *workspace, *pace, "--json", str(RUNS / "human.json"))


def tabby(large: list[str]) -> None:
    """Against tabby-agent with its waiting switched off, both with the same model that answers at once."""
    against(ALONE, "no-debounce", "tabby.json", "--keys", "800")


def tabby_shipped(large: list[str]) -> None:
    """Against tabby-agent as it is shipped, at a person's pace, twice as fast."""
    against('{"backend": ["stub"]}', "shipped", "tabby-shipped.json", "--keys", "250", "--speed", "2")


def llama(large: list[str]) -> None:
    """Against the real llama.cpp server with a model of a few kilobytes: the least a model costs."""
    file = BUILD / "tiny.gguf"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_tiny_gguf(file)
    settings = {
        "backend": ["tiny"],
        "completion": {"max_wait_ms": 0},
        "backends": {"tiny": {"kind": "gguf", "model": file.relative_to(ROOT).as_posix()}},
    }
    work = ("--workspace", str(a_million_tokens()), "--keys", "600")
    bench("compare", "{}", json.dumps(settings), *work, "--json", str(RUNS / "llama.json"))


def neovim(large: list[str]) -> None:
    """Key press to ghost text on the screen of the real Neovim 0.11."""
    script = Path(__file__).with_name("neovim_keys.py")
    subprocess.run([sys.executable, script, "--json", RUNS / "neovim-keys.json"], check=True)


def vscode(large: list[str]) -> None:
    """Key press to ghost text on the screen of the real VS Code."""
    script = Path(__file__).with_name("vscode_keys.py")
    subprocess.run([sys.executable, script, "--json", RUNS / "vscode-keys.json"], check=True)


def against(settings: str, variant: str, out: str, *more: str) -> None:
    """Compare with tabby-agent, which is installed if it is not there."""
    agent = BUILD / "peers" / "node_modules" / "tabby-agent" / "dist" / "cli.js"
    if not agent.exists():
        if shutil.which("npm") is None:
            raise SystemExit("tabby-agent cannot be had without npm: install Node 18 or newer")
        shutil.copytree(Path(__file__).parent / "peers", BUILD / "peers", dirs_exist_ok=True)
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=BUILD / "peers", check=True
        )
    peer = ("--against", f"node {agent} --lsp --stdio", "--variant", variant)
    workspace = ("--workspace", str(ROOT / "server"))
    bench("compare", settings, *peer, "--stub", *workspace, *more, "--json", str(RUNS / out))


def a_million_tokens() -> Path:
    """The standard library's own folder without its packages."""
    folder = BUILD / "a-million-tokens"
    folder.mkdir(parents=True, exist_ok=True)
    for file in STDLIB.glob("*.py"):
        shutil.copy(file, folder)
    return folder


def two_million_lines() -> Path:
    """The standard library, and the packages that pilotfish is developed with."""
    folder = BUILD / "two-million-lines"
    if not folder.exists():
        for source, name in ((STDLIB, "stdlib"), (Path(sysconfig.get_path("purelib")), "packages")):
            shutil.copytree(
                source, folder / name, ignore=shutil.ignore_patterns("site-packages", "*.so", "*.pyc")
            )
    return folder


EVERY = {
    "latency": latency,
    "human": human,
    "tabby": tabby,
    "tabby-shipped": tabby_shipped,
    "llama": llama,
    "vscode": vscode,
    "neovim": neovim,
}


def main() -> None:
    """Make the runs, then the page."""
    parser = parser_of(__doc__)
    parser.add_argument("runs", nargs="*", metavar="RUN", help=f"of {', '.join(EVERY)}; all without any")
    parser.add_argument("--large", action="append", default=[], metavar="TREE")
    args = parser.parse_args()
    for name in args.runs or EVERY:
        if name not in EVERY:
            parser.error(f"there is no run {name!r}")
        print(f"== {name}: {EVERY[name].__doc__}", flush=True)
        EVERY[name](args.large)
    subprocess.run([sys.executable, "-m", "pilotfish.bench.document"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
