"""What is shipped works by itself: the wheel, in an empty environment, completes code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from pilotfish import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with wheel and source archive, built as `make dist` builds them."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return folder


def test_archives_carry_the_one_version_and_nothing_foreign(archives: Path) -> None:
    (wheel,) = archives.glob("*.whl")
    (source,) = archives.glob("*.tar.gz")
    assert wheel.name == f"pilotfish-{__version__}-py3-none-any.whl"
    assert source.name == f"pilotfish-{__version__}.tar.gz"
    with zipfile.ZipFile(wheel) as opened:
        tops = {name.split("/")[0] for name in opened.namelist()}
    assert tops == {"pilotfish", f"pilotfish-{__version__}.dist-info"}
    with tarfile.open(source) as packed:
        names = packed.getnames()
    for name in (
        "server/pilotfish/cli/main.py",
        "tests/conftest.py",
        "README.md",
        "LICENSE",
        "constraints.txt",
    ):
        assert f"pilotfish-{__version__}/{name}" in names


@pytest.mark.timeout(300)
def test_the_wheel_completes_in_an_empty_environment(archives: Path, tmp_path: Path) -> None:
    (wheel,) = archives.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    # pip's own configuration says where from; the versions are ours.
    environment = {**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    install = [str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, env=environment)
    code = tmp_path / "code"
    code.mkdir()
    line = "    answer = deep_thought.compute(question, years=7_500_000)\n"
    (code / "one.py").write_text(f"def one(question):\n{line}")
    (code / "two.py").write_text(f"def two(question):\n{line}\n\ndef three(question):\n    \n")
    ask = [str(scripts / "pilotfish"), "complete", "two.py:6:5", "--json", "-"]
    told = subprocess.run(ask, check=True, capture_output=True, cwd=code)
    assert json.loads(told.stdout)["completions"][0]["text"].strip() == line.strip()
