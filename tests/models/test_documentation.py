"""docs/backends.md is current and complete, and the backend that it explains works."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from pilotfish.models.document import main
from pilotfish.models.presets import PRESETS
from pilotfish.models.setup import PresetOptions

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "pilotfish-command"
USE = """
import asyncio, sys
from contextlib import aclosing
from pilotfish.errors import BackendError
from pilotfish.models.backend import Prompt
from pilotfish.models.registry import open_backend
from pilotfish.settings.model import BackendSettings

async def ask(*argv):
    backend = open_backend("mine", BackendSettings(kind="command", options={"argv": list(argv)}))
    async with aclosing(backend.stream(Prompt("a = ", "\\nb"))) as pieces:
        return "".join([piece async for piece in pieces])

async def main():
    print(await ask(sys.executable, "-c", "print(input().replace('<CURSOR>', '1 é'), end='')"))
    for argv in [(), ("/no/such/program",), (sys.executable, "-c", "raise SystemExit(3)")]:
        try:
            await ask(*argv)
        except BackendError as error:
            print(error)
    endless = open_backend("mine", BackendSettings(kind="command", options={"argv": ["yes"]}))
    async with aclosing(endless.stream(Prompt("", ""))) as stream:
        print((await anext(stream))[:1])

asyncio.run(main())
"""


def test_the_page_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0


def test_a_stale_page_is_noticed_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "backends.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "examples" / "pilotfish-command").mkdir(parents=True)
    code = (EXAMPLE / "pilotfish_command.py").read_text(encoding="utf-8")
    (tmp_path / "docs" / "examples" / "pilotfish-command" / "pilotfish_command.py").write_text(code, "utf-8")
    (tmp_path / "docs" / "backends.md").write_text(page.replace("| `kimi`", "| `kim`"), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert "make generate" in str(main(["--check"]))
    assert main([]) == 0
    assert (tmp_path / "docs" / "backends.md").read_text(encoding="utf-8") == page


def test_every_option_is_explained() -> None:
    page = (ROOT / "docs" / "backends.md").read_text(encoding="utf-8")
    for option in fields(PresetOptions):
        assert f"`{option.name}`" in page


def test_every_preset_is_an_entry_point_as_third_parties_have_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["entry-points"]["pilotfish.backends"]) == {"echo", "gguf", *PRESETS}


@pytest.mark.timeout(300)
def test_the_example_is_installed_and_used(tmp_path: Path) -> None:
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",  # hatchling is here already: nothing is fetched, so nothing can hang.
        "--target",
        str(tmp_path),
        str(EXAMPLE),
    ]
    environment = {**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    subprocess.run(install, check=True, capture_output=True, env=environment)
    told = subprocess.run(
        [sys.executable, "-c", USE],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
    )
    filled, unnamed, missing, failed, endless = told.stdout.splitlines()
    assert filled == "a = 1 é"
    assert "options.argv" in unnamed
    assert "/no/such/program cannot be started" in missing
    assert "failed (3)" in failed
    assert endless == "y"
    assert told.stderr == ""
