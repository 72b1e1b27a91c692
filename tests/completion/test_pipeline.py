"""The pipeline over scripted parts: what is shown, why not, and what is left behind when it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from pilotfish.completion import ahead
from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import CompletionRequest, Source, Trigger
from pilotfish.completion.resources import Outcome, Resources
from pilotfish.context.snippet import Context
from pilotfish.engine.candidate import Candidate
from pilotfish.errors import ModelUnfit
from pilotfish.models.backend import Abilities, Chat, ModelProfile, Prompt
from pilotfish.platform.steps import Steps
from pilotfish.platform.trace import STAGES
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import Tree, parse
from pilotfish.text.document import Document
from tests.completion.scripted import FakeClock, ScriptedEngine, echo, resources, trace_of
from tests.marked import request_of

SURE = ScriptedEngine([Candidate("foo(left)", 0.9, "b.py")])
UNSURE = ScriptedEngine([Candidate("foo(left)", 0.2, "b.py")])


async def ask(text: str, using: Resources, trigger: Trigger = Trigger.AUTOMATIC, **fields: Any) -> Outcome:
    request = replace(request_of(text, trigger=trigger), **fields)
    return await complete(request, using, trace_of(request, using))


def shown(outcome: Outcome) -> list[str]:
    return [completion.text for completion in outcome.completions]


async def test_a_sure_engine_is_shown_and_replaces_the_word_it_continues() -> None:
    outcome = await ask("x = ba$0\n", resources(engine=SURE))
    (completion,) = outcome.completions
    assert (outcome.decision, completion.text) == ("shown", "bafoo(left)")
    assert (completion.range.start.column, completion.range.end.column) == (4, 6)
    assert (completion.source, completion.confidence, completion.evidence) == (Source.EMBEDDED, 0.9, "b.py")


async def test_an_unsure_engine_is_silent_until_it_is_asked() -> None:
    using = resources(engine=UNSURE)
    assert (await ask("x = $0\n", using)).decision == "not_confident"
    assert shown(await ask("x = $0\n", using, Trigger.INVOKED)) == ["foo(left)"]


@pytest.mark.parametrize(
    ("text", "name", "settings", "paused", "decision"),
    [
        ("x = $0\n", "a.py", {"enabled": False}, False, "disabled"),
        ("x = $0\n", "a.py", {"disabled_languages": ("python",)}, False, "disabled_language"),
        ("KEY=$0\n", ".env", {}, False, "secret_file"),
        ("x = $0\n" + "y\n" * 50, "a.py", {"max_file_lines": 50}, False, "huge_file"),
        ("x = $0" + "y" * 50, "a.py", {"max_line_chars": 50}, False, "huge_line"),
        ("x = $0\n", "a.py", {}, True, "paused"),
    ],
)
async def test_the_gate_says_why_nothing_is_offered(
    text: str, name: str, settings: dict[str, Any], paused: bool, decision: str
) -> None:
    using = replace(resources(engine=SURE, **settings), paused=paused)
    request = request_of(text, name=name)
    outcome = await complete(request, using, trace_of(request, using))
    assert (outcome.decision, outcome.completions) == (decision, ())
    assert [stage.stage for stage in outcome.trace.stages] == ["gate"]


async def test_a_disabled_language_can_still_be_asked_by_hand() -> None:
    using = resources(engine=SURE, disabled_languages=("python",))
    assert (await ask("x = $0\n", using, Trigger.INVOKED)).decision == "shown"


async def test_typing_along_asks_nobody() -> None:
    engine = ScriptedEngine(SURE.candidates)
    using = resources(engine=engine)
    await ask("x = $0\n", using)
    outcome = await ask("x = foo($0\n", using)
    assert shown(outcome) == ["left)"]
    assert (engine.asked, outcome.completions[0].source) == (1, Source.TYPED_THROUGH)
    assert (await ask("x = $0\n", using)).completions[0].source is Source.CACHE


async def test_what_the_engine_said_before_text_vanished_is_not_said_again() -> None:
    engine = ScriptedEngine(SURE.candidates)
    using = resources(engine=engine)
    await ask("x = $0\n", using, epoch=1)
    await ask("x = $0\n", using, epoch=2)
    assert engine.asked == 2


async def test_silence_is_remembered_until_somebody_asks_by_hand() -> None:
    engine = ScriptedEngine(UNSURE.candidates)
    using = resources(engine=engine)
    decisions = [(await ask("x = $0\n", using)).decision for _ in range(2)]
    assert (decisions, engine.asked) == (["not_confident", "not_confident"], 1)
    assert (await ask("x = $0\n", using, Trigger.INVOKED)).decision == "shown"
    assert (await ask("x = f$0\n", resources(engine=engine))).decision == "not_confident"


async def test_a_failure_is_not_remembered() -> None:
    backend = echo("no", fail_after=0)
    using = resources(engine=UNSURE, backend=("demo", "embedded"), backends={"demo": backend})
    for _ in range(2):
        assert (await ask("x = $0\n", using)).completions == ()
    assert backend.asked == 2


async def test_a_model_is_asked_when_the_engine_is_not_sure() -> None:
    backend = echo("bar(", "right)\n", "more")
    using = resources(engine=UNSURE, backend=("embedded", "demo"), backends={"demo": backend}, max_lines=1)
    outcome = await ask("x = $0\n", using)
    assert shown(outcome) == ["bar(right)"]
    assert (backend.asked, backend.open_streams) == (1, 0)
    names = [stage.stage for stage in outcome.trace.stages]
    assert names == ["gate", "reuse", "engine", "trim", "pace", "gather", "render", "stream", "trim"]
    assert set(names) <= set(STAGES)


async def test_the_next_backend_is_asked_when_one_fails() -> None:
    broken, sound = echo("no", fail_after=0), echo("yes")
    using = resources(backend=("broken", "sound"), backends={"broken": broken, "sound": sound})
    outcome = await ask("x = $0\n", using)
    assert shown(outcome) == ["yes"]
    assert outcome.error is not None
    assert broken.open_streams == 0


async def test_a_failing_backend_is_silence_with_a_reason() -> None:
    using = resources(backend=("demo",), backends={"demo": echo("no", fail_after=0)})
    outcome = await ask("x = $0\n", using)
    assert (outcome.decision, outcome.completions) == ("backend_failed", ())
    assert "demo" in str(outcome.error)


async def test_a_model_is_asked_once_the_next_key_is_overdue() -> None:
    using = resources(backend=("demo",), backends={"demo": echo("yes")}, max_wait_ms=150)
    await ask("x = $0\n", using, gaps_ms=(90.0, 100.0), waited_ms=50.0)
    assert isinstance(using.clock, FakeClock)
    assert using.clock.waits == [pytest.approx(68)]


async def test_nothing_is_sent_away_from_a_private_place() -> None:
    backend = echo("yes")
    backend.is_remote = True
    using = resources(backend=("demo",), backends={"demo": backend})
    private = replace(using, is_private=lambda _path: True)
    local_only = replace(
        using, settings=replace(using.settings, privacy=replace(using.settings.privacy, local_only=True))
    )
    for held in (private, local_only):
        assert (await ask("x = $0\n", held)).decision == "stays_here"
    assert backend.asked == 0
    assert (await ask("x = $0\n", using)).decision == "shown"


@pytest.mark.parametrize("steps_before", range(12))
async def test_cancelling_at_any_await_leaves_nothing_open(steps_before: int) -> None:
    """One run for each turn of the event loop at which the request can be superseded."""
    engine = ScriptedEngine(UNSURE.candidates)
    backend = echo("on ", "and ", endless=True)
    using = resources(
        engine=engine, backend=("embedded", "demo"), backends={"demo": backend}, max_lines=1_000
    )
    request = request_of("x = $0\n")
    trace = trace_of(request, using)
    task = asyncio.ensure_future(complete(request, using, trace))
    for _ in range(steps_before):
        await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (backend.open_streams, engine.open_steps, len(using.memory)) == (0, 0, 0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


class Asked:
    """A backend that keeps what it is asked, and says one thing."""

    is_remote = False

    def __init__(self, answer: str, abilities: Abilities, profile: ModelProfile | None = None) -> None:
        self.name, self.answer, self.abilities = "asked", answer, abilities
        self.profile = profile or ModelProfile(stop=("<stop>",))
        self.prompts: list[Prompt | Chat] = []

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        for character in self.answer:
            yield character

    async def aclose(self) -> None:
        pass


@pytest.mark.parametrize(
    ("abilities", "answer", "roles"),
    [
        (Abilities(fill=True), "foo()\nmore", None),
        (Abilities(fill=True), "foo()<stop>more", None),
        (Abilities(fill=False, chat=True), "Sure:\n<COMPLETION>foo()</COMPLETION>", ["system", "user"]),
        (Abilities(fill=False, chat=True), "Sure:\n```python\nx = foo()\n```\nBye.", ["system", "user"]),
        (Abilities(False, True, True), " foo()\n```", ["system", "user", "assistant"]),
    ],
)
async def test_a_model_is_asked_in_the_way_that_it_knows(
    abilities: Abilities, answer: str, roles: list[str] | None
) -> None:
    backend = Asked(answer, abilities)
    using = resources(backend=("asked",), backends={"asked": backend}, max_lines=1)
    assert shown(await ask("x = $0\n", using)) == ["foo()"]
    (prompt,) = backend.prompts
    assert roles == ([message.role for message in prompt.messages] if isinstance(prompt, Chat) else None)


async def test_an_unfit_model_is_not_asked_and_the_next_one_is() -> None:
    unfit = Asked("no", Abilities(), ModelProfile(unfit="it always thinks"))
    using = resources(backend=("unfit", "sound"), backends={"unfit": unfit, "sound": echo("yes")})
    outcome = await ask("x = $0\n", using)
    assert (shown(outcome), unfit.prompts) == (["yes"], [])
    assert isinstance(outcome.error, ModelUnfit)
    assert "it always thinks" in str(outcome.error)


async def test_a_model_that_never_finishes_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "STREAM_LIMIT_S", 0.05)
    backend = echo("on and ", endless=True, gap_ms=1)
    using = resources(backend=("demo",), backends={"demo": backend}, max_lines=1)
    assert shown(await ask("x = $0\n", using))[0].startswith("on and")
    assert backend.open_streams == 0


async def test_a_model_that_says_nothing_is_a_failure_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "STREAM_LIMIT_S", 0.05)
    backend = echo("too late", first_ms=60_000)
    outcome = await ask("x = $0\n", resources(backend=("demo",), backends={"demo": backend}))
    assert (outcome.decision, outcome.completions) == ("backend_failed", ())
    assert "demo said nothing" in str(outcome.error)
    assert backend.open_streams == 0


async def test_context_is_gathered_while_the_next_key_may_still_come() -> None:
    has_begun = asyncio.Event()

    class Patient(FakeClock):
        async def sleep_ms(self, duration_ms: float) -> None:
            await asyncio.wait_for(has_begun.wait(), 5)

    async def gather(_: CompletionRequest) -> Context:
        has_begun.set()
        return Context()

    using = resources(backend=("demo",), backends={"demo": echo("yes")})
    using = replace(using, clock=Patient(), gather=gather)
    assert shown(await ask("x = $0\n", using, gaps_ms=(100.0,) * 8)) == ["yes"]
    assert has_begun.is_set()


async def test_the_tree_that_trimming_wants_is_read_while_the_model_thinks() -> None:
    is_read = asyncio.Event()

    def tree(_: Document) -> Steps[Tree | None]:
        is_read.set()
        return None
        yield

    class Thinking(Asked):
        async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
            await asyncio.wait_for(is_read.wait(), 5)
            yield "yes"

    model = Thinking("demo", Abilities())
    using = replace(resources(backend=("demo",), backends={"demo": model}), tree=tree)
    assert shown(await ask("x = $0\n", using)) == ["yes"]


@pytest.mark.parametrize(
    ("said", "unasked", "by_hand"),
    [
        ([("", 0.9), ("foo()", 0.9), ("bar()", 0.3), ("foo()", 0.2)], ["foo()", "bar()"], ["foo()", "bar()"]),
        ([("foo()", 0.9), ("bar()", 0.01)], ["foo()"], ["foo()", "bar()"]),
        ([("foo()", 0.9), ("foo", 0.5), ("foo(left)", 0.4)], ["foo()", "foo(left)"], ["foo()", "foo(left)"]),
    ],
)
async def test_others_than_the_best_are_offered_if_they_are_alternatives(
    said: list[tuple[str, float]], unasked: list[str], by_hand: list[str]
) -> None:
    using = resources(engine=ScriptedEngine([Candidate(*each) for each in said]))
    assert shown(await ask("x = $0\n", using)) == unasked
    using = resources(engine=ScriptedEngine([Candidate(*each) for each in said]))
    assert shown(await ask("x = $0\n", using, Trigger.INVOKED)) == by_hand


async def test_a_sentence_that_the_engine_found_is_not_talk() -> None:
    said = "An estimate of the variance for each input."
    using = resources(engine=ScriptedEngine([Candidate(said, 0.9)]))
    assert shown(await ask('def f():\n    """Returns\n\n    $0', using)) == [said]
    model = resources(backend=("demo",), backends={"demo": echo(said)})
    assert (await ask('def f():\n    """Returns\n\n    $0', model)).decision == "talk"


@pytest.mark.parametrize(
    ("said", "by_hand"),
    [(["= = 1", "+ +"], "= = 1"), (["= = 1\ny = 2", ")"], "= = 1"), (["= = 1", "1"], "1")],
)
async def test_who_asks_by_hand_sees_the_best_guess_also_where_it_breaks_the_file(
    said: list[str], by_hand: str
) -> None:
    engine = ScriptedEngine([Candidate(text, 0.9) for text in said])

    def tree(document: Document) -> Steps[Tree | None]:
        return parse(document.text, language_of_id("python"))
        yield

    using = replace(resources(engine=engine), tree=tree)
    assert shown(await ask("x = $0\nz = 3\n", using, Trigger.INVOKED)) == [by_hand]
    model = replace(resources(backend=("demo",), backends={"demo": echo("= = 1")}), tree=tree)
    assert (await ask("x = $0\nz = 3\n", model, Trigger.INVOKED)).decision == "syntax_gate"
    using = replace(resources(engine=engine), tree=tree)
    assert shown(await ask("x = $0\nz = 3\n", using)) == [by_hand] * (by_hand == "1")


async def test_the_engine_need_not_look_for_what_would_not_be_shown_unasked() -> None:
    for trigger, expected in ((Trigger.AUTOMATIC, 0.6), (Trigger.INVOKED, 0.0)):
        engine = ScriptedEngine([Candidate("foo(left)", 0.9, "b.py")])
        using = resources(engine=engine, min_confidence=0.6)
        request = replace(request_of("x = $0"), trigger=trigger)
        await complete(request, using, trace_of(request, using))
        assert engine.least == expected
