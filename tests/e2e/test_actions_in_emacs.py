"""Each code action in a real Emacs with eglot, in batch. `make test` installs it, or says how."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.emacs import emacs
from tests.lsp.wire import Message

SCRIPT = Path(__file__).with_name("actions.el")
HEAD = "# é😀\n\n\n"
NEW = 'def area(radius):\n    """Area é😀."""\n    return radius**2 * 3\n'
BARE = NEW.replace('    """Area é😀."""\n', "")
OTHER = "def area(radius):\n    total = radius * 3\n    return total * radius\n"
EMPTY = "def area(radius):\n    pass\n"
UNBOUND = "def area(radius):\n    return json.dumps(radius)\n"
IMPORTED = f"{HEAD}import json\n\n\n{UNBOUND}"
DOC = '    """Area.\n\n    Args:\n        radius:\n\n    Returns:\n        The result.\n    """\n'
CLASSES = (
    "class Base:\n    def run(self):\n        raise NotImplementedError\n\n\nclass Job(Base):\n    x = 1\n"
)
TWICE = "def one(a):\n    b = a + 1\n    return b\n\n\ndef two(a):\n    b = a"
PROBLEM = "this is too long"


@dataclass(frozen=True)
class Step:
    """What the user does, and what becomes of the text below the head.

    Attributes:
        name: of the action.
        title: what the menu's entry begins with.
        old, new: the text below the head.
        line: where, from 0 and the head's end.
        lines: so many are selected.
        how: see the script.
    """

    name: str
    title: str
    old: str
    new: str
    line: int = 1
    column: int = 4
    lines: int = 0
    problem: str = ""
    how: str = "apply"


APPLIED = (
    Step("import", "Add `import json`", UNBOUND, UNBOUND, column=12),
    Step(
        "stubs",
        "Implement run",
        CLASSES,
        f"{CLASSES}\n    def run(self):\n        raise NotImplementedError\n",
        6,
    ),
    Step("complete", "Complete from here", TWICE, f"{TWICE} + 1\n    return b", 6, 9),
    Step("doc-skeleton", "Add a doc comment", BARE, BARE.replace(":\n", f":\n{DOC}", 1)),
    Step("test-skeleton", "Add a test", OTHER, OTHER),
    Step("fix", f"Fix: {PROBLEM}", OTHER, NEW, problem=PROBLEM),
    Step("implement", "Implement area", EMPTY, NEW),
    Step("simplify", "Simplify", OTHER, NEW, 0, 0, lines=3),
    Step("document", "Document area", BARE, NEW),
    Step("mine", "Better area", OTHER, NEW),
    Step("tests", "Write tests", OTHER, OTHER),
    Step("explain", "Explain area", OTHER, OTHER),
)
# Without a model it is done before anybody could cancel it; where no text changes, nobody is asked.
CANCELLED = tuple(replace(step, new=step.old, how="cancel") for step in APPLIED[5:])
DECLINED = tuple(
    replace(step, new=step.old, how="decline")
    for step in APPLIED
    if step.name not in ("tests", "test-skeleton", "explain")
)


def in_emacs(folder: Path, steps: tuple[Step, ...], gap_ms: int) -> Message:
    """What came of the steps, the traces of the server, and the buffers at the end."""
    program = emacs()
    assert program is not None, "python -m tests.e2e.emacs installs it"
    config = folder / "config" / "pilotfish"
    config.mkdir(parents=True)
    chunks = json.dumps(["```python\n", *NEW.splitlines(keepends=True), "```\n"], ensure_ascii=False)
    (config / "config.toml").write_text(
        'backend = ["embedded", "echo"]\n\n[index]\nenabled = false\n\n[backends.echo]\nkind = "echo"\n\n'
        f"[backends.echo.options]\nchunks = {chunks}\ngap_ms = {gap_ms}\n\n"
        '[actions.custom.mine]\ntitle = "Better {name}"\ntask = "Make it better."\nscope = "definition"\n'
    )
    work = folder / "work"
    work.mkdir()
    asked: list[dict[str, Any]] = []
    for number, step in enumerate(steps):
        file = work / f"part{number}.py"
        file.write_text(HEAD + step.old)
        said = {"file": str(file), "line": step.line + 4, "column": step.column, "title": step.title}
        said |= {"lines": step.lines} if step.lines else {}
        said |= {"problem": step.problem} if step.problem else {}
        wait = {"import": "import json\n"}.get(step.name, step.new)
        asked.append({**said, "wait": wait, "how": step.how})
    request = folder / "request.json"
    serve = [sys.executable, "-P", "-m", "pilotfish", "serve"]
    request.write_text(json.dumps({"command": serve, "steps": asked}))
    done = subprocess.run(
        [program, "-Q", "--batch", "-l", SCRIPT, request],
        env={**os.environ, "XDG_CONFIG_HOME": str(folder / "config")},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[:3000]
    came: Message = json.loads(done.stdout.strip().splitlines()[-1])
    return came


def test_each_action_is_done_and_undone(tmp_path: Path) -> None:
    came = in_emacs(tmp_path, APPLIED, gap_ms=1)
    for step, was in zip(APPLIED, came["steps"], strict=True):
        assert (was["before"], was["undone"], was["told"]) == (HEAD + step.old, HEAD + step.old, None), step
        assert was["after"] == (IMPORTED if step.name == "import" else HEAD + step.new), step.name
    assert decisions(came) == {step.name: "done" for step in APPLIED}
    tests = {Path(name).name: text for name, text in came["buffers"].items() if "tests" in name}
    assert 'raise NotImplementedError("area")' in tests["test_part4.py"]
    assert tests["test_part10.py"] == NEW


@pytest.mark.parametrize(
    ("steps", "gap_ms"), [(CANCELLED, 200), (DECLINED, 1)], ids=["cancelled", "declined"]
)
def test_what_is_cancelled_or_declined_leaves_the_text_alone(
    tmp_path: Path, steps: tuple[Step, ...], gap_ms: int
) -> None:
    came = in_emacs(tmp_path, steps, gap_ms)
    for step, was in zip(steps, came["steps"], strict=True):
        assert was["after"] == HEAD + step.old, step.name
    reason = "cancelled" if steps is CANCELLED else "not_made"
    assert decisions(came) == {step.name: reason for step in steps}


def decisions(came: Message) -> dict[str, str]:
    """How each action ended, as the server tells it."""
    return {trace["action"]: trace["decision"] for trace in came["traces"] if trace["action"]}
