"""Rules of the house that no single module's test could hold: layers, sizes, what tracked files may say."""

from __future__ import annotations

import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server" / "pilotfish"

MEDIAN_LINES, SOFT_CAP_LINES, HARD_CAP_LINES = 150, 300, 500

# Modules over the soft cap, each with why it is one thing that would be worse as two.
LONG_MODULES: dict[str, str] = {}

# Written so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|opt|home/[a-z]+|Users/[A-Za-z]+)/(?=\w)")
REGISTRY = re.compile("py" + r"pi\.org|python" + r"hosted|npm" + r"js\.org|crates" + r"\.io")


def modules() -> dict[str, int]:
    """Lines of each module by its path in the package."""
    return {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }


def tracked_files() -> list[Path]:
    """What git tracks; in an unpacked source archive, which is without git, everything that came with it."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        folders = (ROOT / name for name in ("server", "tests", "docs"))
        found = (path for folder in folders for path in folder.rglob("*"))
        return [path for path in found if path.is_file() and path.suffix != ".pyc"]
    return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_imports_point_one_way_and_every_package_has_a_layer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    # It would switch off the loggers that there are, ours included, for all the tests that follow.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda *args: None)
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_imports_run_in_no_circle() -> None:
    graph = grimp.build_graph("pilotfish", cache_dir=None)
    modules = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    TopologicalSorter(modules).prepare()  # names the circle, imports for types included


def test_modules_are_small() -> None:
    sizes = modules()
    assert median(sizes.values()) <= MEDIAN_LINES
    assert {name: lines for name, lines in sizes.items() if lines > HARD_CAP_LINES} == {}
    assert {name for name, lines in sizes.items() if lines > SOFT_CAP_LINES} == set(LONG_MODULES)


def test_packages_are_at_most_two_levels_deep() -> None:
    assert [name for name in modules() if name.count("/") > 1] == []


def test_no_room_for_what_has_no_name() -> None:
    nameless = {"utils", "util", "common", "helpers", "helper", "core", "misc", "shared", "lib"}
    names = {part.removesuffix(".py") for name in modules() for part in name.split("/")}
    assert not names & nameless


def test_tracked_files_name_no_machine_and_no_registry() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), 1)
            if MACHINE_PATH.search(line) or REGISTRY.search(line)
        ]
    assert found == []


@pytest.mark.parametrize("text", ["cd /work" + "/main", "/ro" + "ot/x", "https://py" + "pi.org/simple"])
def test_the_search_would_find_them(text: str) -> None:
    assert MACHINE_PATH.search(text) or REGISTRY.search(text)
