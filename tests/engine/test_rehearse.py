import pytest

from pilotfish.engine.node import Look, Node, Tree
from pilotfish.engine.rehearse import rehearse


def test_a_rehearsal_goes_through_a_whole_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    looks = Tree.looks

    def counted(tree: Tree, nodes: list[Node]) -> list[Look]:
        asked.append(len(nodes))
        return looks(tree, nodes)

    monkeypatch.setattr(Tree, "looks", counted)
    rehearse()
    assert len(asked) >= 3
