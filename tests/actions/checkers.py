"""The languages' own checkers, on what actions make."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import parse
from tests.node import NODE


def check(text: str, language: str, folder: Path) -> None:
    """Python is compiled, JavaScript read by Node; everything is parsed."""
    tree = parse(text, language_of_id(language))
    assert tree is not None
    assert not tree.faults(), text
    if language == "python":
        compile(text, "made.py", "exec")
    if language == "javascript":
        file = folder / "made.mjs"
        file.write_text(text)
        subprocess.run([NODE, "--check", file], check=True, capture_output=True, timeout=60)
