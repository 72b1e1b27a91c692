"""The doctor's judgement of a model: what it says in a known hole, and what to do about it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from pilotfish.doctor import model
from pilotfish.doctor.finding import Finding
from pilotfish.doctor.model import BOTH_SIDES, KNOWN
from pilotfish.errors import (
    AnswerBroken,
    BackendBusy,
    BackendError,
    KeyRefused,
    ModelUnfit,
    NoCredit,
    PromptRefused,
)
from pilotfish.models.backend import Abilities, Chat, ModelProfile, Prompt
from pilotfish.settings.model import Settings


class Said:
    """A backend that says one thing, to every question."""

    name = "x"
    is_remote = False

    def __init__(self, text: str, *, fill: bool = True) -> None:
        self.text = text
        self.profile = ModelProfile(control=("<|fim_middle|>", "<|endoftext|>"))
        self.abilities = Abilities(fill=fill, chat=not fill)

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        yield self.text

    async def aclose(self) -> None:
        """Nothing to close."""


async def judged(text: str, *, fill: bool = True) -> list[Finding]:
    return [finding async for finding in model.check_model(Said(text, fill=fill), Settings())]


@pytest.mark.parametrize(
    ("text", "finding", "action"),
    [
        ("", "it answers with nothing", "base or coder model"),
        ("<|fim_middle|>a + b", "control tokens stand in its answer", "options.fim"),
        ("<fim_prefix>a", "control tokens stand in its answer", "options.template"),
        ("<|fim_middle|>a - b", "control tokens stand in its answer", "options.fim"),
        ("Sure!\n```python\nreturn a + b\n```", "it answers like a chat model", '`options.fim = "off"`'),
        ("a - b", "it says `a - b` where `a + b` belongs", "Choose a model"),
        ("print(sk-a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0", "`print(<redacted>`", "Choose a model"),
    ],
)
async def test_each_way_of_being_wrong_has_its_own_advice(text: str, finding: str, action: str) -> None:
    first, *_ = await judged(text)
    assert finding in first.text
    assert action in first.action
    assert first.level == "warning"


@pytest.mark.parametrize("text", ["a + b", "a+b", "b + a\n", "(a + b)", "a + b\n\ndef subtract(a, b):"])
async def test_a_right_answer_may_be_written_in_several_ways(text: str) -> None:
    first, second, *_ = await judged(text)
    assert first.level == "good"
    assert "seems not to see what stands after the cursor" in second.text


async def test_a_chat_model_is_asked_in_a_conversation() -> None:
    first, *_ = await judged("<COMPLETION>a + b</COMPLETION>", fill=False)
    assert first.level == "good"


def test_the_known_holes_are_right_by_their_own_measure() -> None:
    for hole in (KNOWN, BOTH_SIDES):
        assert hole.right.fullmatch(hole.shown)
        compile(hole.before + hole.shown + hole.after, "hole", "exec")


async def test_a_slow_model_is_told_to_be_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "SLOW_FIRST_MS", -1)
    *_, last = await judged("a + b")
    assert (last.check, last.level) == ("speed", "warning")
    assert "smaller or nearer model" in last.action


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (KeyRefused("401"), "backends.x.key_env"),
        (PromptRefused("404"), "base address"),
        (NoCredit("402"), "another backend"),
        (ModelUnfit("it thinks"), "backends.x.model"),
        (AnswerBroken("no JSON"), "server of a model"),
        (BackendBusy("429"), "again in a minute"),
        (BackendError("bad"), "Correct its settings"),
    ],
)
async def test_an_answer_that_does_not_come_has_its_advice(
    error: BackendError, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(self: Said, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        raise error
        yield ""

    monkeypatch.setattr(Said, "stream", failing)
    (finding,) = await judged("")
    assert (finding.level, finding.text) == ("problem", str(error))
    assert action in finding.action
