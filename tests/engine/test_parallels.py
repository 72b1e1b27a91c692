import pytest

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.parallels import parallels, proposed
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import spell
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

SIGNATURE = "def __init__(self, width: int = 3, *, height=(1, 2), depth):\n    super()\n    log()\n    "


def looked_around(text: str) -> tuple[Scene, Buffers]:
    lines = split_lines(text)
    document = Document("file:///a.py", None, "python", 1, lines)
    buffers = Buffers()
    query = Query(document, Position(len(lines) - 1, len(lines[-1])))
    return finish(scene(query, buffers, IndexView(), Recent())), buffers


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{SIGNATURE}self.width = width\n    ", "self.height = height"),
        (f"{SIGNATURE}self._width = width\n    ", "self._height = height"),
        (f"{SIGNATURE}self.width = width\n    self.height = height\n    ", "self.depth = depth"),
        ("low = 1\nhigh = 2\n\nprint(low)\n", "print(high)"),
        ('kinds = ["json", "yaml"]\nread("json")\n', 'read("yaml")'),
        ("use(low, high)\n\nif low:\n    go()\n", "if high:"),
        ("x1 = f(y1)\n", "x2 = f(y2)"),
        ("x1 = f(y2)\n", "x1 = f(y3)"),
        ("page09 = 1\n", "page10 = 1"),
    ],
)
def test_a_line_that_continues_an_order(text: str, line: str) -> None:
    now, buffers = looked_around(text)
    assert line in [spell(map(now.spell, one.tokens)) for one in parallels(now, buffers)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = y\n",
        f"{SIGNATURE}self.depth = depth\n    ",  # The last of its list.
        "use(low, high)\nswap(low, high)\n",  # It is on the line already.
    ],
)
def test_no_order_to_continue(text: str) -> None:
    now, buffers = looked_around(text)
    assert parallels(now, buffers) == []


def test_what_is_told_of_such_a_line() -> None:
    now, buffers = looked_around(f"{SIGNATURE}self.width = width\n    other()\n    ")
    (one,) = parallels(now, buffers)
    assert (one.above, one.shared, one.differs, one.goes_on) == (2, 2, 2, False)
    now, buffers = looked_around(f"{SIGNATURE}self.width = width\n    self.height = height\n    ")
    assert [(one.above, one.goes_on) for one in parallels(now, buffers)] == [(1, True), (2, False)]


def test_nothing_is_proposed_within_a_line() -> None:
    for begun, count in (("", 1), ("self.", 0), ("sel", 0)):
        assert len(proposed(*looked_around(f"{SIGNATURE}self.width = width\n    {begun}"))) == count
