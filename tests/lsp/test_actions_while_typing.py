"""Each action many times, while the user types around it, inside it, and cancels, at random moments.

Whatever happens, the text is the user's, with the action's change around it or without it; nothing half-way,
one undo takes it back, and no stream is left open. `PILOTFISH_SOAK` multiplies the runs.
"""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pilotfish.text.document import Range
from pilotfish.text.edit import insertion
from tests.actions.editor import CAPABILITIES, Editor, at, lines, scripted
from tests.lsp.test_actions import echo_of
from tests.lsp.wire import Message, Wire, eventually, server_here

RUNS = 5 * int(os.environ.get("PILOTFISH_SOAK", "1"))
SEED = 7

TOP, BOTTOM = "import math\n\n\n", "\n\nprint(1)\n"
OLD = "def area(radius):\n    x = 1\n    return math.pi * radius * radius\n"
NEW = "def area(radius):\n    x = 2\n    return math.pi * radius**2\n"
EMPTY = "def area(radius):\n    pass\n"
INSIDE, LAST = "    # mine\n", ("    return", "    pass")
DOCUMENTED = OLD.replace(":\n", ':\n    """The area of a circle."""\n', 1)
CLASS = (
    "class Base:\n    def run(self):\n        raise NotImplementedError\n\n\nclass Job(Base):\n    x = json\n"
    "    pass\n"
)
SUM = "    total = 0\n    for price in prices:\n        total += price\n    return total\n"
TWICE = f"def one(prices):\n{SUM}\n\ndef two(prices):\n    tot\n    return total\n"
DOC = '    """Area.\n\n    Args:\n        radius:\n\n    Returns:\n        The result.\n    """\n'


@dataclass(frozen=True)
class Case:
    """An action: where it is asked for, what the model says, and what becomes of the text.

    Where nothing is said to become of it, that is learnt from a run in which nobody types.
    """

    name: str
    selection: Range
    said: str = NEW
    old: str = OLD
    new: str = NEW
    new_top: str = TOP
    arguments: Message = field(default_factory=dict)
    settings: Message = field(default_factory=dict)


FUNCTION = lines(3, 6)
CASES = [
    Case("simplify", FUNCTION),
    Case("document", at(4, 4), said=DOCUMENTED, new=DOCUMENTED),
    Case("edit", FUNCTION, arguments={"instruction": "square it"}),
    Case("implement", at(3, 4), old=EMPTY),
    Case(
        "fix",
        at(5, 4),
        arguments={
            "diagnostics": [
                {
                    "range": {"start": {"line": 5, "character": 4}, "end": {"line": 5, "character": 9}},
                    "message": "wrong",
                }
            ]
        },
    ),
    Case("mine", FUNCTION, settings={"actions": {"custom": {"mine": {"task": "Do it."}}}}),
    Case("simplify", FUNCTION, settings={"actions": {"apply": "as_it_streams"}}),
    Case("doc-skeleton", at(4, 4), new=OLD.replace(":\n", ":\n" + DOC, 1)),
    Case("explain", FUNCTION, new=OLD),
    Case("tests", at(4, 4), new=OLD),
    Case("test-skeleton", at(4, 4), new=OLD),
    Case("import", at(9, 9), old=CLASS, new=CLASS, new_top=f"import json\n{TOP}"),
    Case(
        "stubs",
        at(9, 4),
        old=CLASS,
        new=CLASS + "\n    def run(self):\n        raise NotImplementedError\n",
    ),
    Case("complete", at(11, 7), old=TWICE, new=""),
]


class User:
    """Types at random around and inside the function, and remembers what."""

    def __init__(self, editor: Editor, uri: str, dice: random.Random) -> None:
        self.editor, self.uri, self.dice = editor, uri, dice
        self.above, self.below, self.inside = "", "", 0

    def type(self, number: int) -> None:
        text = self.editor.texts[self.uri]
        where = self.dice.choice(("above", "above", "below", "below", "inside"))
        if where == "above":
            line = f"# above {number}\n"
            self.above = line + self.above
            edit = insertion(0, line)
        elif where == "below":
            line = f"# below {number}\n"
            self.below += line
            edit = insertion(text.count("\n"), line)
        else:
            self.inside += 1
            last = next(n for n, line in enumerate(text.split("\n")) if line.startswith(LAST))
            edit = insertion(last, INSIDE)
        self.editor.type(self.uri, [edit])

    def around(self, function: str, top: str = TOP) -> str:
        """The text with this function and all that the user typed."""
        code = function.splitlines(keepends=True)
        last = next(n for n, line in enumerate(code) if line.startswith(LAST))
        inside = "".join((*code[:last], INSIDE * self.inside, *code[last:]))
        return f"{self.above}{top}{inside}{BOTTOM}{self.below}"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.name}" for n, case in enumerate(CASES)])
async def test_the_text_is_always_the_users(case: Case, tmp_path: Path) -> None:
    async with server_here() as (wire, server, _):
        said = ("Here:\n", "```python\n", *case.said.splitlines(keepends=True), "```\n")
        options = scripted(*said, gap_ms=1, settings=case.settings)
        await wire.initialize(
            tmp_path, capabilities=CAPABILITIES, clientInfo={"name": "test"}, initializationOptions=options
        )
        editor = Editor(wire)
        done = 0
        if not case.new:
            uri = (tmp_path / "calm.py").as_uri()
            editor.open(uri, TOP + case.old + BOTTOM)
            await wire.answer(start(case, uri, wire))
            case = replace(case, new=editor.texts[uri].removeprefix(TOP).removesuffix(BOTTOM))
            assert case.new != case.old
            wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        for run in range(RUNS):
            dice = random.Random(SEED * 1000 + run)
            editor.drops = dice.random() < 0.5
            uri = (tmp_path / f"run{run}.py").as_uri()
            done += await one_run(case, uri, editor, dice)
            await eventually(lambda: not echo_of(server).open_streams)
            wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert not server.cancellable
        assert done


async def one_run(case: Case, uri: str, editor: Editor, dice: random.Random) -> bool:
    """Whether it was done."""
    wire = editor.wire
    editor.open(uri, TOP + case.old + BOTTOM)
    editor.undo.clear()
    user = User(editor, uri, dice)
    due = asyncio.ensure_future(wire.answer(start(case, uri, wire)))
    is_cancelled = False
    for number in range(dice.randrange(5)):
        await asyncio.sleep(dice.random() * 0.006)
        user.type(number)
    if dice.random() < 0.3:
        await asyncio.sleep(dice.random() * 0.01)
        wire.notify("$/cancelRequest", {"id": f"{uri}!"})
        is_cancelled = True
    answer = await due
    text = editor.texts[uri]
    without, around = user.around(case.old), user.around(case.new, case.new_top)
    if is_cancelled or user.inside:
        assert text in (without, around), text
    elif "result" in answer:
        assert text == around, text
    else:
        assert text == without, (text, answer)
    if text == around != without and "as_it_streams" not in str(case.settings):
        assert len(editor.undo) == 1
        assert "# below" not in user.below or case.old.splitlines()[1] in editor.undo[0][uri]
    return "result" in answer


def start(case: Case, uri: str, wire: Wire) -> asyncio.Future[Message]:
    span = case.selection
    argument = {
        "uri": uri,
        "version": 1,
        "range": {
            "start": {"line": span.start.line, "character": span.start.column},
            "end": {"line": span.end.line, "character": span.end.column},
        },
        **case.arguments,
    }
    params = {"command": f"pilotfish.action.{case.name}", "arguments": [argument]}
    return wire.send("workspace/executeCommand", params, msg_id=f"{uri}!")
