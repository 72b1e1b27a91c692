from collections.abc import Sequence
from pathlib import Path

import pytest

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.node import Look, Node, Tree
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.engine.scene import STALE_TOKENS, Recent, Scene, scene
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import split_line, token_id
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

ROOT = Path("/project").absolute()
CODE = "def read(path):\n    with open(path, encoding='utf-8') as file:\n        return parse(file.read())\n"
INDEX = IndexView()

# What stands before and after the line, what is on it, and whether its surroundings are those of
# `above`, `x = re` and `below`.
SAME = {
    "one more letter": ("above\n", "x = rea", "\nbelow", True),
    "one letter less": ("above\n", "x = r", "\nbelow", True),
    "some more tokens": ("above\n", "x = read(path, ", "\nbelow", True),
    "another line altogether": ("above\n", "while", "\nbelow", True),
    "many more tokens": ("above\n", "x = re" + ", a" * STALE_TOKENS, "\nbelow", False),
    "more indentation": ("above\n", "    x = re", "\nbelow", False),
    "another line above": ("other\n", "x = re", "\nbelow", False),
    "another line below": ("above\n", "x = re", "\nother", False),
    "the next line": ("above\nx = re\n", "x = re", "\nbelow", False),
}


def document_of(text: str, version: int = 1, name: str = "new.py") -> Document:
    return Document(f"file:///{name}", ROOT / name, "python", version, split_lines(text))


def query_of(above: str, line: str, below: str, others: Sequence[Document] = ()) -> Query:
    number = len(split_lines(above)) - 1
    return Query(document_of(above + line + below), Position(number, len(line)), tuple(others))


@pytest.mark.parametrize("name", SAME)
def test_surroundings_serve_while_one_line_is_typed(name: str) -> None:
    above, line, below, is_same = SAME[name]
    recent, buffers = Recent(), Buffers()
    before = finish(scene(query_of("above\n", "x = re", "\nbelow"), buffers, INDEX, recent))
    after = finish(scene(query_of(above, line, below), buffers, INDEX, recent))
    assert (before.around is after.around) is is_same


def test_surroundings_are_looked_at_anew_when_the_index_or_another_document_changes() -> None:
    recent, buffers = Recent(), Buffers()
    other = document_of("other = 1\n", name="other.py")
    finish(buffers.update(other))
    query = query_of("above\n", "x", "", [other])

    def around(index: IndexView) -> object:
        return finish(scene(query, buffers, index, recent)).around

    first = around(INDEX)
    assert around(INDEX) is first
    second = around(IndexView())
    assert second is not first
    finish(buffers.update(document_of("other = 2\n", 2, "other.py")))
    third = around(INDEX)
    assert third is not second
    buffers.forgotten += 1
    fourth = around(INDEX)
    assert fourth is not third
    recent.rest()
    fifth = around(INDEX)
    assert fifth is not fourth
    recent.forget()
    assert around(INDEX) is not fifth


def node_at(line: str, recent: Recent) -> tuple[Scene, Node]:
    now = finish(scene(query_of(f"{CODE}\n", line, ""), Buffers(), INDEX, recent))
    return now, now.node


def test_what_was_found_is_kept_and_what_begins_otherwise_is_forgotten() -> None:
    recent = Recent()
    now, node = node_at("with ", recent)
    child = now.tree.child(node, 1)
    assert now.tree.looks([child]) == now.tree.looks([child])
    assert node_at("with o", recent)[1] is node
    assert now.tree.child(node, 1) is child
    longer = node_at("with open(", recent)[1]
    assert longer.line[:1] == node.line
    assert node.children.get(1) is None


def test_a_whole_line_is_the_beginning_that_its_tokens_lead_to() -> None:
    above = f"{CODE}\nvalue = call(a\n"
    for text in ("    with open(name)", "return 1"):
        line = tuple(token_id(token) for token in split_line(text)[1])
        tree = finish(scene(query_of(above, "", f"\n{CODE}"), Buffers(), INDEX, Recent())).tree
        at_once, by_token = tree.whole(line), tree.root
        for token in line:
            by_token = tree.child(by_token, token)
        assert (at_once.line, at_once.depth) == (by_token.line, by_token.depth)
        assert at_once.context.tolist() == by_token.context.tolist()
        assert at_once.agree.tolist() == by_token.agree.tolist()
        assert tree.whole(line) is by_token


def test_the_line_is_searched_afresh_from_where_the_user_has_got_to(tmp_path: Path) -> None:
    write_segment(tmp_path, [SourceFile("one.py", CODE)])
    index = IndexView(segments=(SegmentView(ROOT, Segment.open(tmp_path)),))
    recent, buffers = Recent(), Buffers()
    offer_by_key(f"{CODE}\n", "    with ", buffers, index, recent)
    node = finish(scene(query_of(f"{CODE}\n", "    with open(", ""), buffers, index, recent)).node
    assert node.trail is None
    assert node.look is None


def offer_by_key(above: str, line: str, buffers: Buffers, index: IndexView, recent: Recent) -> str:
    query = query_of(above, line, "\n")
    finish(buffers.update(query.document))
    found = finish(predict(query, buffers, index, recent))
    return found[0].text if found else ""


def test_keys_of_one_line_are_answered_as_if_each_came_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_segment(tmp_path, [SourceFile(f"{name}.py", CODE) for name in ("one", "two")])
    index = IndexView(segments=(SegmentView(ROOT, Segment.open(tmp_path)),))
    asked: list[int] = []
    looks = Tree.looks

    def counted(tree: Tree, nodes: list[Node]) -> list[Look]:
        asked.append(sum(node.look is None for node in nodes))
        return looks(tree, nodes)

    monkeypatch.setattr(Tree, "looks", counted)
    line = "    with open(path, encoding='utf-8') as file:"
    keys = [line[:end] for end in range(4, len(line))]
    recent, buffers = Recent(), Buffers()
    typed = [offer_by_key("def load(path):\n", key, buffers, index, recent) for key in keys]
    few = sum(asked)
    alone = [offer_by_key("def load(path):\n", key, Buffers(), index, Recent()) for key in keys]
    assert typed == alone
    assert few < (sum(asked) - few) / 3
