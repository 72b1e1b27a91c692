"""After a failure: how long a service is left alone, when it is asked again, and what errors say."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pilotfish.errors import (
    AnswerBroken,
    BackendBusy,
    BackendError,
    BackendResting,
    BackendUnavailable,
    KeyRefused,
    PromptRefused,
)
from pilotfish.models.backend import Prompt
from pilotfish.models.breaker import FAILURES, LONGEST_REST_S, Breaker
from pilotfish.models.faults import fault_of
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.retry import TRIES, stream_patiently
from pilotfish.settings.model import BackendSettings
from tests.models.documented import sse, texts
from tests.models.scripted_http import ScriptedHttp, ScriptedReply, answering

GOOD = answering(sse(*texts()))
HOLE = Prompt("a", "")


def refusing(status: int, **headers: str) -> ScriptedReply:
    return answering(b"", status=status, headers={name.replace("_", "-"): v for name, v in headers.items()})


def service(*replies: ScriptedReply) -> tuple[PresetBackend, ScriptedHttp]:
    http = ScriptedHttp(list(replies))
    settings = BackendSettings(kind="openai-shaped", url="http://127.0.0.1:1", model="qwen2.5-coder")
    return PresetBackend("mine", settings, http), http


async def said(backend: PresetBackend) -> str:
    async with aclosing(backend.stream(HOLE)) as pieces:
        return "".join([piece async for piece in pieces])


class Time:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.waits_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, wait_s: float) -> None:
        self.waits_s.append(wait_s)
        self.now_s += wait_s


def rest_s(breaker: Breaker) -> float:
    try:
        breaker.check("mine")
    except BackendResting as resting:
        return resting.retry_after_s or 0.0
    return 0.0


def test_rests_begin_with_the_third_failure_and_double() -> None:
    time = Time()
    breaker = Breaker(time, lambda: 1.0)
    rests = []
    for _ in range(9):
        breaker.failed(BackendUnavailable("no"))
        rests.append(rest_s(breaker))
        time.now_s += rests[-1]
        assert rest_s(breaker) == 0
    assert rests == [0] * (FAILURES - 1) + [2, 4, 8, 16, 32, 60, 60]
    breaker.succeeded()
    breaker.failed(BackendUnavailable("no"))
    assert rest_s(breaker) == 0


@pytest.mark.parametrize(
    ("error", "rest"),
    [
        (BackendBusy("slow down", retry_after_s=7), 7),
        (BackendBusy("slow down", retry_after_s=1e9), 3600),
        (KeyRefused("no key"), LONGEST_REST_S),
        (PromptRefused("too long"), 0),
    ],
)
def test_some_failures_rest_at_once(error: BackendError, rest: float) -> None:
    breaker = Breaker(Time())
    breaker.failed(error)
    assert rest_s(breaker) == rest


async def test_a_service_that_asks_for_quiet_is_not_asked() -> None:
    backend, http = service(refusing(429, retry_after="7"), GOOD)
    with pytest.raises(BackendBusy):
        await said(backend)
    with pytest.raises(BackendResting, match=r"left alone for 7 s.*429"):
        await said(backend)
    assert len(http.asked) == 1


@pytest.mark.parametrize(
    ("headers", "expected_s"),
    [
        ({}, None),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-1"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], expected_s: float | None) -> None:
    error = fault_of("mine", 429, headers, b"")
    assert error.retry_after_s == (expected_s if expected_s is None else pytest.approx(expected_s, abs=300))


def test_retry_after_as_a_date() -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1))
    assert fault_of("mine", 429, {"retry-after": tomorrow}, b"").retry_after_s == pytest.approx(
        86_400, abs=300
    )


def test_the_service_may_say_whether_to_ask_again() -> None:
    assert not fault_of("mine", 500, {"x-should-retry": "false"}, b"").may_retry
    assert fault_of("mine", 400, {"x-should-retry": "true"}, b"").may_retry
    assert not fault_of("mine", 400, {}, b"").may_retry


def test_an_error_quotes_little_and_on_one_line() -> None:
    text = str(fault_of("mine", 400, {}, b'{"error": {"message": "no\\nno ' + b"x" * 5_000 + b'"}}'))
    assert text.startswith("mine refuses: 400 no no xxx")
    assert len(text) < 400


@pytest.mark.parametrize(
    ("replies", "waits_s", "error"),
    [
        ([GOOD], [], None),
        ([refusing(503), GOOD], [1], None),
        ([refusing(503), refusing(500), GOOD], [1, 2], None),
        ([refusing(429, retry_after="5"), GOOD], [5], None),
        ([refusing(429, retry_after="500"), GOOD], [], BackendBusy),
        ([refusing(400), GOOD], [], PromptRefused),
        ([refusing(500)] * TRIES, [1, 2], BackendUnavailable),
        ([answering(sse(texts()[0], done=False), cut_by=AnswerBroken("gone")), GOOD], [], AnswerBroken),
    ],
)
async def test_who_waits_is_asked_for_again(
    replies: list[ScriptedReply], waits_s: list[float], error: type[BackendError] | None
) -> None:
    time = Time()
    backend, http = service(*replies)
    backend._breaker = Breaker(time)
    heard = []
    caught = None
    try:
        async with aclosing(stream_patiently(backend, HOLE, sleep=time.sleep, chance=lambda: 1.0)) as pieces:
            async for piece in pieces:
                heard.append(piece)
    except BackendError as failure:
        caught = failure
    assert (type(caught) if caught else None) is error
    assert time.waits_s == waits_s
    assert len(heard) == (4 if error is None else len(heard))
    assert http.open_streams == 0


@pytest.mark.parametrize(
    "page",
    [
        b"no",
        b"[]",
        b'{"data": 5}',
        b'{"data": [{"index": 0}]}',
        b'{"data": [{"index": 0, "embedding": [1]}]}',
        b'{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}',
    ],
)
async def test_embeddings_are_as_many_as_the_texts_or_an_error(page: bytes) -> None:
    backend, http = service(answering(page, content_type="application/json"))
    with pytest.raises(AnswerBroken):
        await backend.embed(["a", "b"])
    good = b'{"data": [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}]}'
    http.replies = [answering(good), refusing(429)]
    assert await backend.embed(["a", "b"]) == [[1.0], [2.0]]
    with pytest.raises(BackendBusy):
        await backend.embed(["a"])
