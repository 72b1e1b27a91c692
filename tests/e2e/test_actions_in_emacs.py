"""Code actions in a real Emacs with eglot, in batch. `make test` installs it, or says how."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.emacs import emacs

SCRIPT = Path(__file__).with_name("actions.el")
OLD = "def f(a):\n    # é😀\n    x = json.dumps(a)\n    return x\n"
NEW = OLD.replace("json.dumps(a)", "repr(a)")


@pytest.mark.parametrize(
    ("title", "wait", "wanted"),
    [
        ("Add `import json`", "import json\n", "import json\n\n" + OLD),
        ("Document f", "repr", NEW),
    ],
)
def test_an_action_is_done_and_undone(tmp_path: Path, title: str, wait: str, wanted: str) -> None:
    program = emacs()
    assert program is not None, "python -m tests.e2e.emacs installs it"
    file = tmp_path / "calc.py"
    file.write_text(OLD)
    serve = [sys.executable, "-P", "-m", "pilotfish", "serve"]
    config = tmp_path / "config" / "pilotfish"
    config.mkdir(parents=True)
    chunks = json.dumps(["```python\n", NEW, "```\n"], ensure_ascii=False)
    (config / "config.toml").write_text(
        'backend = ["embedded", "echo"]\n\n[index]\nenabled = false\n\n[backends.echo]\nkind = "echo"\n\n'
        f"[backends.echo.options]\nchunks = {chunks}\n"
    )
    asked = tmp_path / "request.json"
    asked.write_text(
        json.dumps(
            {"command": serve, "file": str(file), "line": 3, "column": 9, "title": title, "wait": wait}
        )
    )
    done = subprocess.run(
        [program, "-Q", "--batch", "-l", SCRIPT, asked],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    came = json.loads(done.stdout.strip().splitlines()[-1])
    assert came == {"before": OLD, "after": wanted, "undone": OLD}
