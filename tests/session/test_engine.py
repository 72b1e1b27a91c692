"""The engine in a session: damage in the index costs the index's part of one answer, and is mended."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pilotfish.engine.candidate import Candidate
from pilotfish.errors import IndexFault
from pilotfish.index.build_segment import write_segment
from pilotfish.index.mapped import MappedPages
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import Steps, finish
from pilotfish.session.engine import Engine
from tests.marked import document_of, request_of

GOOD = Candidate("from the open documents", 0.9)


async def test_a_damaged_index_is_left_until_there_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def predict(query: Any, buffers: Any, view: IndexView, *_: object) -> Steps[list[Candidate]]:
        asked.append(view.generation)
        yield
        if view.generation == 7:
            raise IndexFault("the segment is damaged")
        return [GOOD]

    damage: list[IndexFault] = []
    generation = 7
    engine = Engine(lambda: IndexView(generation), damage.append)
    await engine.load()
    monkeypatch.setattr("pilotfish.engine.predict.predict", predict)
    request = request_of("x = $0")
    for _ in range(2):
        assert finish(engine.predict(request, max_lines=1)) == [GOOD]
    assert len(damage) == 1
    generation = 8
    assert finish(engine.predict(request, max_lines=1)) == [GOOD]
    assert asked == [7, 0, 0, 8]
    await engine.aclose()


async def test_an_engine_that_cannot_be_loaded_is_silent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    def missing(_: str) -> None:
        raise ImportError("No module named 'numpy'")

    monkeypatch.setattr("pilotfish.session.engine.import_module", missing)
    engine = Engine(IndexView, lambda _: None)
    await engine.load()
    assert finish(engine.predict(request_of("x = $0"), max_lines=1)) == []
    assert "numpy" in caplog.text
    await engine.aclose()


async def test_mapped_pages_are_bounded_after_each_step_of_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def predict(*_: object) -> Steps[list[Candidate]]:
        for _step in range(2):
            done.append("step")
            yield
        return [GOOD]

    monkeypatch.setattr(MappedPages, "bound", lambda *_: done.append("bounded"))
    engine = Engine(IndexView, lambda _: None)
    await engine.load()
    monkeypatch.setattr("pilotfish.engine.predict.predict", predict)
    assert finish(engine.predict(request_of("x = $0"), max_lines=1)) == [GOOD]
    assert done == ["step", "bounded"] * 2
    await engine.aclose()


async def test_of_what_is_open_the_engine_itself_tells_what_counts_in_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[list[str]] = []

    def predict(query: Any, buffers: Any, view: IndexView, *_: object) -> Steps[list[Candidate]]:
        (each,) = view.segments
        counted.append([path for at, path in enumerate(each.segment.paths) if at not in each.dead])
        yield
        return [GOOD]

    write_segment(
        tmp_path, [SourceFile(f"{name}.py", "x = 1\n") for name in ("a", "private", "other", "rest")]
    )
    root = Path("/workspace")
    view = IndexView(1, (SegmentView(root, Segment.open(tmp_path)),))
    engine = Engine(lambda: view, lambda _: None)
    await engine.load()
    monkeypatch.setattr("pilotfish.engine.predict.predict", predict)
    request = replace(
        request_of("x = $0"),
        others=(document_of("x = 1\n", name="other.py"),),
        hidden=frozenset(root / f"{name}.py" for name in ("a", "private", "other")),
    )
    finish(engine.predict(request, max_lines=1))
    assert counted == [["other.py", "rest.py"]]
    await engine.aclose()
