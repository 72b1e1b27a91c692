"""Syntax trees of open documents: parsed once, then where they differ, and never for long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pilotfish.platform.steps import Steps, finish, within
from pilotfish.session import trees as module
from pilotfish.session.trees import MAX_TREES, Trees
from pilotfish.text.document import Document
from tests.marked import document_of, lines_of
from tests.models.stub_server import until


def typed(document: Document, text: str, version: int) -> Document:
    return replace(document, lines=lines_of(text), version=version)


def test_a_document_is_parsed_once_a_version() -> None:
    trees, document = Trees(), document_of("x = 1\n")
    tree = finish(trees.of(document))
    assert tree is not None
    assert finish(trees.of(document)) is tree
    newer = finish(trees.of(typed(document, "x = (\n", 2)))
    assert newer is not None
    assert newer.faults()
    assert not tree.faults()
    assert finish(trees.of(document_of("x", language="plaintext"))) is None


def test_only_so_many_are_kept() -> None:
    trees = Trees()
    for number in range(MAX_TREES + 3):
        finish(trees.of(document_of("x = 1\n", name=f"{number}.py")))
    assert len(trees._trees) == MAX_TREES
    trees.forget(document_of("", name=f"{MAX_TREES}.py").uri)
    assert len(trees._trees) == MAX_TREES - 1


def test_what_takes_too_long_is_left_alone_for_some_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    trees, document = Trees(), document_of("x = 1\n")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_FIRST_STEPS", 0)
        assert finish(trees.of(document)) is None
    assert finish(trees.of(typed(document, "x = 2\n", 5))) is None
    assert finish(trees.of(typed(document, "x = 3\n", 50))) is not None


async def test_of_what_is_opened_the_last_is_read_ahead_unless_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_IDLE_S", 0.001)
    trees, documents = Trees(), [document_of("x = 1\n", name=f"{number}.py") for number in range(3)]
    trees.read_ahead(documents[0])
    trees.ask_first()
    for document in documents:
        trees.read_ahead(document)
    await until(lambda: bool(trees._trees))
    await trees.aclose()
    assert list(trees._trees) == [documents[2].uri]


def test_long_documents_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINES", 3)
    assert finish(Trees().of(document_of("a\nb\nc\nd\n"))) is None


@pytest.mark.parametrize(("most", "result"), [(5, "done"), (3, "done"), (2, None), (0, None)])
def test_within_so_many_steps(most: int, result: str | None) -> None:
    closed = []

    def steps() -> Steps[str]:
        try:
            yield
            yield
            return "done"
        finally:
            closed.append(True)

    assert finish(within(steps(), most)) == result
    assert len(closed) == (most > 0)
