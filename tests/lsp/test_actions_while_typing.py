"""Each action many times, while the user types around it, inside it, and cancels, at random moments.

Whatever happens, the text is the user's, with the action's change around it or without it; nothing half-way,
one undo takes it back, and no stream is left open. `PILOTFISH_SOAK` multiplies the runs.
"""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass, field

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
FENCED = ("Here:\n", "```python\n", *NEW.splitlines(keepends=True), "```\n")
INSIDE, LAST = "    # mine\n", ("    return", "    pass")
DOC = '    """Area.\n\n    Args:\n        radius:\n\n    Returns:\n        The result.\n    """\n'


@dataclass(frozen=True)
class Case:
    """An action: where it is asked for, and what it makes of the function."""

    name: str
    selection: Range
    old: str = OLD
    new: str = NEW
    arguments: Message = field(default_factory=dict)
    settings: Message = field(default_factory=dict)


FUNCTION = lines(3, 6)
CASES = [
    Case("simplify", FUNCTION),
    Case("document", at(4, 4)),
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

    def around(self, function: str) -> str:
        """The text with this function and all that the user typed."""
        above, _, last = function.rstrip("\n").rpartition("\n")
        inside = f"{above}\n{INSIDE * self.inside}{last}\n"
        return f"{self.above}{TOP}{inside}{BOTTOM}{self.below}"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.name}" for n, case in enumerate(CASES)])
async def test_the_text_is_always_the_users(case: Case) -> None:
    async with server_here() as (wire, server, _):
        options = scripted(*FENCED, gap_ms=1, settings=case.settings)
        info = {"name": "test"}
        await wire.initialize(capabilities=CAPABILITIES, clientInfo=info, initializationOptions=options)
        editor = Editor(wire)
        for run in range(RUNS):
            dice = random.Random(SEED * 1000 + run)
            editor.drops = dice.random() < 0.5
            uri = f"file:///workspace/run{run}.py"
            await one_run(case, uri, editor, dice)
            await eventually(lambda: not echo_of(server).open_streams)
            wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert not server.cancellable


async def one_run(case: Case, uri: str, editor: Editor, dice: random.Random) -> None:
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
    without, around = user.around(case.old), user.around(case.new)
    if is_cancelled or user.inside:
        assert text in (without, around), text
    elif "result" in answer:
        assert text == around, text
    else:
        assert text == without, (text, answer)
    if text == around and case.new != case.old and "as_it_streams" not in str(case.settings):
        assert len(editor.undo) == 1
        assert "# below" not in user.below or case.old.splitlines()[1] in editor.undo[0][uri]


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
