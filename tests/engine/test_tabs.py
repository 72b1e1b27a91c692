"""Other open documents: what the index has of them counts there, what it does not have is near."""

from dataclasses import replace
from pathlib import Path

import pytest

from pilotfish.engine.buffers import Buffers, Lexed
from pilotfish.engine.places import SegmentSource, Weights
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent
from pilotfish.engine.surroundings import FOLDER_WEIGHT, OTHERS_WEIGHT
from pilotfish.engine.tabs import ALL_NEW_TOKENS, MOST_NEW_TOKENS, Tab, Tabs, new_in
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Ids, Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

ROOT = Path("/project").absolute()
INDEXED = "import os\n\n\ndef load(path):\n    token = secret(path)\n    return token\n"

# What `INDEXED` has become → what of it no longer counts, and what is new.
EDITS = {
    "nothing": (INDEXED, "", ""),
    "a word": (INDEXED.replace("secret", "other"), " secret", " other"),
    "a line more": (INDEXED.replace("    return", "    log(token)\n    return"), "", "log(token)\n"),
    "a line less": (INDEXED.replace("    token = secret(path)\n", ""), "token = secret(path)\n", ""),
    "two places": (
        INDEXED.replace("load", "read").replace("return token", "return 1"),
        " load(path):\n>    token = secret(path)\nreturn token",
        " read(path):\n>    token = secret(path)\nreturn 1",
    ),
    "all": ("x\n", "import os\n\n\ndef load(path):\n>    token = secret(path)\nreturn token", "x"),
    "the file was emptied": (
        "",
        "\n^import os\n\n\ndef load(path):\n>    token = secret(path)\nreturn token",
        "",
    ),
}


def document_of(text: str, name: str = "other.py") -> Document:
    return Document(f"file:///{name}", ROOT / name, "python", 1, split_lines(text))


@pytest.fixture
def index(tmp_path: Path) -> IndexView:
    write_segment(tmp_path, [SourceFile("beside.py", "a = b\n"), SourceFile("other.py", INDEXED)])
    return IndexView(segments=(SegmentView(ROOT, Segment.open(tmp_path)),))


def tab_of(document: Document, index: IndexView, buffers: Buffers) -> Tab:
    finish(buffers.update(document))
    return finish(Tabs().find([document], [buffers.last(document.uri)], index))[0]


def spelled(buffers: Buffers, tokens: Ids) -> str:
    return "".join(buffers.spelling(token) or "?" for token in tokens.tolist())


def gone(tab: Tab, index: IndexView) -> str:
    """What the index has of the file and no longer counts."""
    assert tab.indexed is not None
    segment = index.segments[tab.indexed.segment].segment
    assert segment.paths[tab.indexed.number] == "other.py"
    tokens = segment.vocabulary[segment.stream[tab.indexed.first : tab.indexed.last]]
    return "".join(segment.spelling(token) or "?" for token in tokens.tolist())


@pytest.mark.parametrize("name", EDITS)
def test_what_was_edited_is_hidden_in_the_index_and_near(
    name: str, index: IndexView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotfish.engine.tabs.JOINT_TOKENS", 0)
    text, old, new = EDITS[name]
    buffers = Buffers()
    tab = tab_of(document_of(text), index, buffers)
    assert gone(tab, index) == old
    assert [spelled(buffers, run) for run in tab.new] == ([new] if new else [])


def test_what_stands_next_to_an_edit_is_near_as_well(index: IndexView) -> None:
    buffers = Buffers()
    tab = tab_of(document_of(INDEXED.replace("secret", "other")), index, buffers)
    assert [spelled(buffers, run)[2:] for run in tab.new] == [
        "import os\n\n\ndef load(path):\n>    token = other(path)\nreturn token"
    ]


def test_of_much_that_is_new_both_ends_are_near(index: IndexView) -> None:
    buffers = Buffers()
    tab = tab_of(
        document_of("".join(f"a{n} = b{n}\n" for n in range(MOST_NEW_TOKENS)), "new.py"), index, buffers
    )
    assert tab.indexed is None
    first, last = tab.new
    assert len(first) + len(last) == MOST_NEW_TOKENS
    assert spelled(buffers, first).startswith("\n^a0 = b0\na1")
    assert spelled(buffers, last).endswith(f" = b{MOST_NEW_TOKENS - 1}")


def test_of_many_new_documents_those_used_last_are_near(index: IndexView) -> None:
    text = "".join(f"a{n} = b{n}\n" for n in range(MOST_NEW_TOKENS))
    tabs = [tab_of(document_of(text, f"new{number}.py"), index, Buffers()) for number in range(10)]
    near = new_in(tabs)
    assert sum(map(len, near)) == ALL_NEW_TOKENS
    assert near[0] is tabs[0].new[0]


def test_nothing_of_a_file_counts_while_its_document_is_not_known(index: IndexView) -> None:
    buffers, document, whole = Buffers(), document_of(INDEXED), gone_in_all(index)
    finish(buffers.update(document))
    edited = document_of(INDEXED.replace("secret", "other"))
    for lexed in (None, buffers.last(document.uri)):  # Not yet read, or not yet in this version.
        tab = finish(Tabs().find([edited], [lexed], index))[0]
        assert gone(tab, index) == whole


def gone_in_all(index: IndexView) -> str:
    return gone(tab_of(document_of(""), index, Buffers()), index)


def test_a_file_that_the_index_has_forgotten_is_new(index: IndexView) -> None:
    (view,) = index.segments
    forgotten = replace(index, segments=(replace(view, dead=frozenset({1})),))
    tab = tab_of(document_of(INDEXED), forgotten, Buffers())
    assert tab.indexed is None
    assert len(tab.new) == 1


def test_documents_are_compared_again_when_they_or_the_index_change(index: IndexView) -> None:
    buffers, tabs = Buffers(), Tabs()
    one, two = document_of(INDEXED), document_of("a = c\n", "beside.py")

    def find(index: IndexView) -> list[Tab]:
        return finish(tabs.find([one, two], [buffers.last(one.uri), buffers.last(two.uri)], index))

    finish(buffers.update(one))
    first = find(index)
    assert [tab is known for tab, known in zip(find(index), first, strict=True)] == [True, True]
    finish(buffers.update(two))
    assert [tab is known for tab, known in zip(find(index), first, strict=True)] == [True, False]
    assert find(replace(index))[0] is not first[0]


def test_documents_are_compared_once_whatever_rests_lie_between_questions(
    index: IndexView, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Document] = []

    def counted(document: Document, lexed: Lexed | None, index: IndexView) -> Tab:
        compared.append(document)
        return Tab(document, lexed, None, [])

    monkeypatch.setattr("pilotfish.engine.tabs._compared", counted)
    buffers, recent, other = Buffers(), Recent(), document_of(INDEXED)
    for text in ("x = ", "y = ", "z = "):
        finish(predict(Query(document_of(text, "own.py"), Position(0, 4), (other,)), buffers, index, recent))
        recent.rest()
    assert compared == [other]
    recent.forget()
    finish(predict(Query(document_of("x = ", "own.py"), Position(0, 4), (other,)), buffers, index, recent))
    assert compared == [other, other]


def offered(index: IndexView, *others: Document) -> list[str]:
    own = document_of("def write(path):\n    token = ", "own.py")
    buffers = Buffers()
    for document in (own, *others):
        finish(buffers.update(document))
    found = finish(predict(Query(own, Position(1, 12), others), buffers, index, Recent()))
    return [candidate.text for candidate in found]


def test_an_open_document_counts_as_it_is_now(index: IndexView) -> None:
    closed = offered(index)
    assert closed[0] == "secret(path)"
    assert offered(index, document_of(INDEXED))[0] == closed[0]
    edited = offered(index, document_of(INDEXED.replace("secret", "other")))
    assert edited[0] == "other(path)"
    assert not any("secret" in text for text in edited)


def test_what_is_open_and_unchanged_weighs_more_in_the_index(
    index: IndexView, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[list[float]] = []

    def source(segment: Segment, weights: Weights, gone: list[tuple[int, int]]) -> SegmentSource:
        made.append(weights.tolist())
        return SegmentSource(segment, weights, gone)

    monkeypatch.setattr("pilotfish.engine.surroundings.SegmentSource", source)
    offered(index, document_of(INDEXED))
    assert made == [[FOLDER_WEIGHT, OTHERS_WEIGHT]]
