"""What the engine is given to read, and when."""

from __future__ import annotations

import pytest

from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.candidate import Candidate
from pilotfish.engine.query import Query
from pilotfish.errors import IndexFault, PilotfishError
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps, run_steps
from pilotfish.session.engine import Engine
from pilotfish.session.session import Session
from pilotfish.session.status import Status
from pilotfish.text.document import Document, Position
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding, Place
from tests.marked import request_of


class SilentEditor:
    """Hears everything and does nothing."""

    def report(self, error: PilotfishError) -> None:
        """Nothing."""

    def show_status(self, status: Status) -> None:
        """Nothing."""


async def test_a_document_too_long_to_complete_in_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(SilentEditor(), Encoding.UTF16, options={"completion": {"max_file_lines": 3}})
    told: list[tuple[str, int]] = []

    def update(document: Document) -> Steps[None]:
        told.append(("update", document.version))
        yield

    await session._engine.load()
    assert session._engine._buffers is not None
    monkeypatch.setattr(session._engine._buffers, "update", update)
    monkeypatch.setattr(session._engine, "forget", lambda uri: told.append(("forget", 0)))
    session.open("untitled:a", None, "python", 1, "1\n2\n3")
    session.change("untitled:a", 2, [Change("1\n2\n3\n4")])
    session.change("untitled:a", 3, [Change("1\n")])
    assert told == [("update", 1), ("forget", 0), ("update", 3)]
    await session.aclose()


async def test_reading_waits_while_a_question_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def steps(name: str, count: int) -> Steps[None]:
        for _ in range(count):
            done.append(name)
            yield

    engine = Engine(IndexView, lambda fault: None)
    await engine.load()
    assert engine._buffers is not None
    monkeypatch.setattr(engine._buffers, "update", lambda document: steps("read", 50))
    monkeypatch.setattr("pilotfish.engine.predict.predict", lambda *_: steps("answer", 5))
    request = request_of("x = $0")
    engine.update(request.document, 1_000, at_once_s=0)
    await run_steps(engine.predict(request, 1))
    assert done.count("read") <= 2, "at most the step that had begun"
    await engine._background.finish()
    assert done.count("read") == 50
    await engine.aclose()


async def test_what_was_opened_is_read_for_a_moment_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def steps() -> Steps[None]:
        for number in range(5):
            read.append(number)
            yield

    engine = Engine(IndexView, lambda fault: None)
    await engine.load()
    assert engine._buffers is not None
    monkeypatch.setattr(engine._buffers, "update", lambda document: steps())
    engine.update(request_of("x = $0").document, 1_000, at_once_s=60)
    assert read == [0, 1, 2, 3, 4]
    engine.update(request_of("x = $0").document, 1_000, at_once_s=0)
    assert read == [0, 1, 2, 3, 4, 0]
    await engine._background.finish()
    assert read == [0, 1, 2, 3, 4] * 2
    await engine.aclose()


async def test_a_damaged_index_is_reported_once_and_the_open_documents_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def predict(query: Query, buffers: Buffers, view: IndexView, *_: object) -> Steps[list[Candidate]]:
        yield
        if view.generation:
            raise IndexFault("The index is damaged.")
        return [Candidate("from what is open", 0.9)]

    faults: list[IndexFault] = []
    engine = Engine(lambda: IndexView(generation=7), faults.append)
    await engine.load()
    monkeypatch.setattr("pilotfish.engine.predict.predict", predict)
    for _ in range(3):
        (candidate,) = await run_steps(engine.predict(request_of("x = $0"), 1))
        assert candidate.text == "from what is open"
    assert len(faults) == 1
    await engine.aclose()


async def test_what_was_overtaken_at_once_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fast typist's keys are read together where the server was busy: only the last is worked on."""
    session = Session(SilentEditor(), Encoding.UTF16, options={"index": {"enabled": False}})
    session.open("untitled:a", None, "python", 1, "x = 1\n")
    asked: list[int] = []

    def predict(engine: Engine, request: CompletionRequest, *_: object) -> Steps[list[Candidate]]:
        asked.append(request.document.version)
        yield
        return []

    monkeypatch.setattr(Engine, "predict", predict)
    session.completions.resources = session._make_resources({})
    session.completions.ready.set()
    answers = []
    for version in range(2, 50):
        session.change("untitled:a", version, [Change("y", Place(0, 0), Place(0, 0))])
        document = session.documents.get("untitled:a")
        assert document is not None
        request = session.request(document, Position(0, 1), Trigger.AUTOMATIC)
        work = session.completions.complete(request, session.traces.begin(document))
        answers.append(session.completions.newest(document.uri, work))
    outcomes = [await answer for answer in answers]
    assert [outcome for outcome in outcomes[:-1] if outcome is not None] == []
    assert outcomes[-1] is not None
    assert asked == [49]
    assert [trace["decision"] for trace in session.traces.last(48)] == ["cancelled"] * 47 + ["no_match"]
    await session.aclose()
