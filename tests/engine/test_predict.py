import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.candidate import Candidate
from pilotfish.engine.node import Look, Node, Tree
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.errors import IndexFault
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Segment
from pilotfish.index.segment_header import DATA
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

ROOT = Path("/project").absolute()
LOOP = "for name, value in sorted(options.items()):\n    print(name, value)\n"
USE = "client = connect(host, port, timeout=30)\nclient.close()\n"
FILES = {
    "a/loop.py": LOOP,
    "a/use.py": USE,
    "b/use.py": USE,
    "b/notes.md": "# Notes\n\nNothing to see here.\n",
}

# The text with the cursor as |, and the first line that is offered there, or None for nothing.
COMPLETIONS = {
    "a whole line": ("client = connect(host, port, timeout=30)\n|", "client.close()"),
    "the rest of a line": ("for name, value in |", "sorted(options.items()):"),
    "the rest of a word": ("for name, val|", "ue in sorted(options.items()):"),
    "a word of one letter that is finished": ("for name, value in sorted(o|", "ptions.items()):"),
    "before what stands after the cursor": ("client = connect(|)", "host, port, timeout=30"),
    "before a word that stands after the cursor": ("client = connect(|, timeout=30)", "host, port"),
    "inside a word": ("for na|me, value in sorted(options.items()):\n", None),
    "in an indented line": ("for name, value in sorted(options.items()):\n    |", "print(name, value)"),
    "tabs and carriage returns": (
        "for name, value in sorted(options.items()):\r\n    pr|\r\n",
        "int(name, value)",
    ),
    "from the document itself": ("zebra.stripes(count=7)\nzebra.|", "stripes(count=7)"),
    "from the nearest word": ("far_away = 1\nfast(3)\nzebra(-fa|)", "st(3)"),
    "with nothing to go by": ("Σίσυφος|", None),
    "in an empty document": ("|", "for name, value in sorted(options.items()):"),
}


@pytest.fixture
def view(tmp_path: Path) -> SegmentView:
    write_segment(tmp_path, [SourceFile(path, text) for path, text in FILES.items()])
    return SegmentView(ROOT, Segment.open(tmp_path))


HARDLY = 1e-9
"""A confidence that every line has."""


def at_cursor(marked: str, path: str | None = "a/new.py") -> tuple[Document, Position]:
    before, _, after = marked.partition("|")
    lines = split_lines(before + after)
    document = Document(f"file:///{path}", ROOT / path if path else None, "python", 1, lines)
    return document, Position(len(split_lines(before)) - 1, len(split_lines(before)[-1]))


def offered(
    marked: str, view: SegmentView | None, others: Sequence[Document] = (), path: str | None = "a/new.py"
) -> list[Candidate]:
    document, position = at_cursor(marked, path)
    buffers = Buffers()
    for one in (document, *others):
        finish(buffers.update(one))
    index = IndexView(segments=(view,)) if view else IndexView()
    return finish(predict(Query(document, position, tuple(others)), buffers, index))


@pytest.mark.parametrize("name", COMPLETIONS)
def test_what_is_offered(name: str, view: SegmentView) -> None:
    marked, expected = COMPLETIONS[name]
    candidates = offered(marked, view)
    assert (candidates[0].text if candidates else None) == expected


SAVED = "with open(path) as out:\n        for row in rows:\n            out.write(row)"
SAVE = f"import os\n\n\ndef save(path, rows):\n    {SAVED}\n\n\nsave(os.devnull, [])\n"

# The text with the cursor as |, the most lines, and what is offered first with `SAVE` in the index.
BLOCKS = {
    "as far as the block goes": ("def save(path, rows):\n    |", 9, SAVED),
    "as many lines as are wanted": ("def save(path, rows):\n    |", 2, SAVED.rpartition("\n")[0]),
    "up to the line below": (
        "def save(path, rows):\n    |\n            out.write(row)\n",
        9,
        SAVED.rpartition("\n")[0],
    ),
    "in one line where text follows": ("def save(path, rows):\n    with open(|) as out:\n", 9, "path"),
    "with the indentation that is there": (
        "class A:\n    def save(path, rows):\n        |",
        9,
        SAVED.replace("\n", "\n    "),
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks(name: str, tmp_path: Path) -> None:
    marked, max_lines, expected = BLOCKS[name]
    write_segment(tmp_path, [SourceFile("a.py", SAVE)])
    document, position = at_cursor(marked)
    index = IndexView(segments=(SegmentView(ROOT, Segment.open(tmp_path)),))
    candidates = finish(predict(Query(document, position, max_lines=max_lines), Buffers(), index))
    assert candidates[0].text == expected


def test_candidates_are_few_best_first_and_name_their_evidence(view: SegmentView) -> None:
    candidates = offered("client.|", view)
    assert candidates[0].text == "close()"
    assert candidates[0].evidence in ("a/use.py", "b/use.py")
    assert len(candidates) <= 3
    assert [one.confidence for one in candidates] == sorted(
        (one.confidence for one in candidates), reverse=True
    )
    assert all(0 <= one.confidence <= 1 for one in candidates)
    assert offered("zebra = 5\nzebra |", None)[0].evidence is None


def test_where_none_can_be_sure_enough_the_search_ends_early(
    view: SegmentView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(marked: str, least: float) -> tuple[list[Candidate], int]:
        steps = 0
        looks = Tree.looks

        def counted(tree: Tree, nodes: list[Node]) -> list[Look]:
            nonlocal steps
            steps += len(nodes)
            return looks(tree, nodes)

        monkeypatch.setattr(Tree, "looks", counted)
        document, position = at_cursor(marked)
        query = Query(document, position, least=least)
        found = finish(predict(query, Buffers(), IndexView(segments=(view,))))
        monkeypatch.setattr(Tree, "looks", looks)
        return found, steps

    sure, unsure = "client = connect(|", "other = |"
    whole, _ = asked(sure, HARDLY)
    assert asked(sure, whole[0].confidence - 0.01)[0] == whole
    guess, many = asked(unsure, 0.0)
    begun, few = asked(unsure, 0.99)
    assert few < many
    assert begun[0].confidence < 0.99
    assert len(begun[0].text) < len(guess[0].text)


def test_the_same_question_has_the_same_answer(view: SegmentView) -> None:
    assert offered("client|", view) == offered("client|", view)


def test_the_line_that_stands_below_is_not_offered(view: SegmentView) -> None:
    below = "client = connect(host, port, timeout=30)"
    assert all(one.text != below for one in offered(f"x = 1\n|\n\n{below}\n", view))


def test_the_line_below_tells_candidates_apart() -> None:
    text = "a = open(left)\nread(left)\n\na = open(right)\nread(right)\n\n\na = open(|\nread({})\n"
    assert offered(text.format("left"), None)[0].text == "left)"
    assert offered(text.format("right"), None)[0].text == "right)"


def test_a_line_that_stands_next_to_the_cursor_is_not_expected_again(view: SegmentView) -> None:
    text = "import os\nclient = connect(host, port, timeout=30)\n{}client = conn|"
    near, far = (offered(text.format(between), view)[0] for between in ("", "a = 1\nb = 2\nc = 3\nd = 4\n"))
    assert near.text == far.text == "ect(host, port, timeout=30)"
    assert near.confidence < far.confidence - 0.1


def test_open_documents_win_over_the_index(view: SegmentView) -> None:
    opened = [at_cursor("|rewritten()\n", path)[0] for path in ("a/use.py", "b/use.py")]
    assert offered("client = connect(|", view)[0].text == "host, port, timeout=30)"
    assert "host" not in str(offered("client = connect(|", view, opened))
    assert offered("client = connect(|", view, opened[:1])[0].evidence == "b/use.py"
    assert offered("rewr|", view, opened)[0].text == "itten()"


def test_the_file_that_is_edited_is_not_taken_from_the_index(view: SegmentView) -> None:
    assert "sorted" not in str(offered("for name, value in |", view, path="a/loop.py"))


def test_tombstones_are_not_offered(view: SegmentView) -> None:
    paths = list(view.segment.paths)
    dead = frozenset(paths.index(path) for path in ("a/use.py", "b/use.py"))
    assert "host" not in str(offered("client = connect(|", SegmentView(ROOT, view.segment, dead)))


def test_nearer_files_count_more(tmp_path: Path) -> None:
    files = [SourceFile("near/one.py", "port = 1\n")] + [
        SourceFile(f"far/{number}.py", "port = 2\n") for number in range(2)
    ]
    write_segment(tmp_path, files)
    view = SegmentView(ROOT, Segment.open(tmp_path))
    assert offered("port =|", view, path="near/new.py")[0].text == " 1"
    assert offered("port =|", view, path="elsewhere/new.py")[0].text == " 2"


def test_no_step_needs_the_whole_document_to_be_lexed(view: SegmentView) -> None:
    marked = "filler = 0\n" * 20_000 + "client = connect(|\n" + "filler = 1\n" * 20_000
    document, position = at_cursor(marked)
    candidates = finish(predict(Query(document, position), Buffers(), IndexView(segments=(view,))))
    assert candidates[0].text == "host, port, timeout=30)"


def test_damage_is_a_fault_of_the_index_and_nothing_else(tmp_path: Path) -> None:
    write_segment(tmp_path, [SourceFile(path, text) for path, text in FILES.items()])
    good, chosen, faults = (tmp_path / DATA).read_bytes(), random.Random(1), 0
    for _ in range(60):
        bad = bytearray(good)
        for _ in range(chosen.choice([1, 30])):
            bad[chosen.randrange(64, len(bad))] = chosen.randrange(256)
        (tmp_path / DATA).write_bytes(bad)
        view = SegmentView(ROOT, Segment.open(tmp_path))
        try:
            offered("for name, value in |", view)
            offered("cli|", view)
        except IndexFault:
            faults += 1
    assert faults


def test_positions_outside_the_document_are_moved_into_it(view: SegmentView) -> None:
    document, _ = at_cursor("client = connect(|")
    far = Query(document, Position(99, 99))
    candidates = finish(predict(far, Buffers(), IndexView(segments=(view,))))
    assert candidates[0].text == "host, port, timeout=30)"


def test_a_block_does_not_go_on_with_the_line_that_is_being_typed() -> None:
    document, position = at_cursor("name = 'é😀'; total = compute(left, right)\nname = 'é😀'; tot|")
    candidates = finish(predict(Query(document, position, max_lines=10), Buffers(), IndexView()))
    assert candidates[0].text == "al = compute(left, right)"


def test_before_a_rest_that_fits_nothing_the_search_ends_soon() -> None:
    long_line = "total = " + " + ".join(f"part_{n}" for n in range(60)) + "\n"
    other = Document(
        "file:///project/long.py", Path("/project/long.py"), "python", 1, tuple(split_lines(long_line))
    )
    document, position = at_cursor("total = | @@ nothing ends so", "a/new.py")
    buffers = Buffers()
    for one in (document, other):
        finish(buffers.update(one))
    steps = sum(1 for _ in predict(Query(document, position, (other,)), buffers, IndexView()))
    assert steps < 40
