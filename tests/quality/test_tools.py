"""The measuring tools start: nobody runs them daily, so what breaks their imports is seen here."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
STARTS = re.compile(r'^if __name__ == "__main__":', re.MULTILINE)
TOOLS = sorted(path.name for path in FOLDER.glob("*.py") if STARTS.search(path.read_text(encoding="utf-8")))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile", FOLDER / "README.md"]


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_says_how_it_is_used(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(FOLDER)  # as Python does for a file that it runs
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(FOLDER / name), run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {name} ")


def test_documents_name_tools_that_there_are() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"\btests[/.]quality[/.](\w+)(?=\.py|`| )", pages))
    assert {"line_completion", "backend_overhead"} <= named
    assert {name for name in named if not (FOLDER / f"{name}.py").exists()} == set()
