from collections.abc import Sequence
from math import exp
from pathlib import Path

import pytest

from pilotfish.engine.alongside import NOTHING, alongside, as_hypothesis
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import spell
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

IMPORTS = "import first.one\nimport second.two\nimport third.three\nimport fourth.four\n"
CASES = "match kind:\n    case One():\n        go(one)\n    case Two():\n        go(two)\n"
OPTIONS = "use(\n    left=left,\n    right=right,\n    depth=depth,\n)\n"


@pytest.fixture
def view(tmp_path: Path) -> IndexView:
    """Several segments, and a file that no longer counts."""
    parts = (
        {"imports.py": IMPORTS},
        {"cases.py": CASES, "options.py": OPTIONS, "old.py": "mine = 1\nold = 2\n"},
    )
    root, segments = Path("/project").absolute(), []
    for number, files in enumerate(parts):
        write_segment(tmp_path / str(number), [SourceFile(path, text) for path, text in files.items()])
        segment = Segment.open(tmp_path / str(number))
        dead = frozenset(at for at, path in enumerate(segment.paths) if path == "old.py")
        segments.append(SegmentView(root, segment, dead))
    return IndexView(1, tuple(segments))


def query_at(marked: str) -> Query:
    before, _, after = marked.partition("|")
    lines = split_lines(before)
    document = Document("file:///a.py", None, "python", 1, split_lines(before + after))
    return Query(document, Position(len(lines) - 1, len(lines[-1])))


def looked_around(marked: str, view: IndexView) -> Scene:
    return finish(scene(query_at(marked), Buffers(), view, Recent()))


def texts(now: Scene, lines: Sequence[tuple[int, ...]]) -> list[str]:
    return [spell(map(now.spell, line)) for line in lines]


@pytest.mark.parametrize(
    ("marked", "best"),
    [
        ("import second.two\nimport mine.own\n|", "import fourth.four"),
        ("import second.two\nimport fourth.four\n|", "import third.three"),
        ("import second.two\nimport mine.own\nimport |", " fourth.four"),
        ("import second.two\nimport mine.own\nimport th|", " third.three"),
        ("|\nimport mine.own\nimport fourth.four\nend()\n", "import second.two"),
        ("    case One():\n        other()\n    |", "case Two():"),
        ("    case One():\n        |", "go(one)"),
        ("    right=right,\n    mine=mine,\n    |", "depth=depth,"),
    ],
)
def test_what_comes_with_the_lines_close_by(marked: str, best: str, view: IndexView) -> None:
    now = looked_around(marked, view)
    assert texts(now, alongside(now).best)[0] == best


@pytest.mark.parametrize("marked", ["|", "x = 1\n|", "}\n|", "mine = 1\n|", "import second.two # mine\n|"])
def test_where_no_line_stands_elsewhere(marked: str, view: IndexView) -> None:
    assert alongside(looked_around(marked, view)).best == []
    assert alongside(looked_around(marked, IndexView())).best == []


def test_what_speaks_for_a_line(view: IndexView) -> None:
    now = looked_around("import first.one\nimport second.two\nimport mine.own\n|", view)
    beside = alongside(now)
    known = dict(zip(texts(now, beside.best), map(beside.standing, beside.best), strict=True))
    assert known["import fourth.four"] == pytest.approx((2, 1, 2))
    assert known["import third.three"] == pytest.approx((2 * exp(-0.5), exp(-0.5), 2))
    assert beside.standing((1, 2, 3)) == NOTHING.standing((1, 2, 3)) == (0, 0, 0)


def test_a_line_is_proposed_that_no_place_votes_for(view: IndexView) -> None:
    marked = "import second.two\nimport mine.own\n|"
    assert "import fourth.four" in [one.text for one in finish(predict(query_at(marked), Buffers(), view))]


def test_a_proposal_is_as_probable_as_what_was_looked_for(view: IndexView) -> None:
    now = looked_around("import second.two\nimport mine.own\n|", view)
    (best, *_) = alongside(now).best
    unknown = as_hypothesis(best, now)
    finish(predict(query_at("import second.two\n|"), Buffers(), view))
    now.tree.looks([now.node])
    begun = as_hypothesis(best, now)
    assert begun.tokens == unknown.tokens == best
    assert unknown.score == pytest.approx(-1.897, abs=1e-3)
    assert begun.score < unknown.score
