"""A small workspace to type in, and contests between scripted servers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.measure import Contest

STUB = Path(__file__).parent / "stub_server.py"


def stub(**script: Any) -> list[str]:
    """The command of a scripted server (stub_server.py)."""
    return [sys.executable, str(STUB), json.dumps(script)]


def contest(
    server: list[str],
    *,
    keys: int = 40,
    seed: str = "1",
    timeout_s: float = 20.0,
    speed: float | None = None,
) -> Contest:
    """A contest against a scripted floor that answers at once."""
    return Contest(server, stub(), keys, seed, lambda text, done: None, 1, 0.1, timeout_s, speed)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three source files, one with letters beyond the basic plane, and others that are not typed into."""
    root = tmp_path / "workspace"
    for name, text in {
        "app.py": "import json\n\n\ndef load(path):\n    with open(path) as f:\n        return f.read()\n",
        "lib/smile.py": 'SMILE = "😀 and é"  # the text after 😀\nprint(SMILE, "😀", SMILE)\n' * 3,
        "lib/crlf.go": "package lib\r\n\r\nfunc Add(a, b int) int {\r\n\treturn a + b // the sum\r\n}\r\n",
        "notes.txt": "nothing to be typed here, it is not source\n",
        "latin.py": "",
        "node_modules/left.js": "module.exports = leftPadLikeNobodyElse\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    (root / "latin.py").write_bytes("größe = 'not UTF-8 at all'\n".encode("latin-1"))
    return root
