"""The scripted model: it does what it is told when it is told, and its log is true."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.stub import calls, parse_script, running
from pilotfish.bench.stub_model import Script
from pilotfish.errors import InputError


def ask(url: str, path: str, body: object) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)) as connection:
        connection.request("POST", path, json.dumps(body))
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode()


def logged(log: Path, count: int) -> list[Mapping[str, Any]]:
    """The log has its line shortly after the caller has its answer."""
    deadline = time.monotonic() + 20
    while len(calls(log)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return calls(log)


SHAPES = [
    ("/infill", {"stream": True}, '"content": "a b"'),
    ("/completion", {"stream": True}, '"content": "a b"'),
    ("/v1/completions", {"stream": True}, '"text": "a b"'),
    ("/v1/completions", {"segments": {}}, '"text": "a b", "finish_reason": "stop"'),
    ("/v1/chat/completions", {"stream": True}, '"delta": {"role": "assistant", "content": "a b"}'),
]


@pytest.mark.parametrize(("path", "body", "shape"), SHAPES)
def test_it_speaks_the_shapes_of_the_services(
    path: str, body: dict[str, object], shape: str, tmp_path: Path
) -> None:
    with running(Script(text="a b"), tmp_path) as (url, log):
        status, text = ask(url, path, body)
        assert (status, shape in text) == (200, True), text
        assert [call["ended"] for call in logged(log, 1)] == ["whole"]


def test_it_takes_its_time_and_says_so(tmp_path: Path) -> None:
    script = Script(text="one two three four", first_token_ms=60, tokens_per_s=50)
    with running(script, tmp_path) as (url, log):
        began = time.perf_counter()
        ask(url, "/infill", {"stream": True})
        took_ms = (time.perf_counter() - began) * 1000
        (call,) = logged(log, 1)
    assert call["pieces"] == 4
    first_ms = 1000 * (call["first_at"] - call["arrived_at"])
    assert 60 <= first_ms <= took_ms
    assert 60 + 3 * 20 <= 1000 * (call["last_at"] - call["arrived_at"]) <= took_ms


def test_who_hangs_up_is_noticed(tmp_path: Path) -> None:
    with running(Script(text="word " * 500, tokens_per_s=200), tmp_path) as (url, log):
        with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)) as connection:
            connection.request("POST", "/infill", json.dumps({"stream": True}))
            with connection.getresponse() as answer:
                answer.read(10)
        assert logged(log, 1)[0]["ended"] == "left"


def test_it_fails_as_often_as_it_is_told(tmp_path: Path) -> None:
    with running(Script(failures=0.5, seed=3), tmp_path) as (url, log):
        found = [ask(url, "/infill", {"stream": True})[0] for _ in range(40)]
        assert {200, 503} == set(found)
        assert found.count(503) == sum(call["ended"] == "failed" for call in logged(log, 40))


def test_its_script_is_read_from_the_command_line() -> None:
    assert parse_script("first_token_ms=80, tokens_per_s=60,text=a b") == Script("a b", 80, 60)
    assert parse_script("") == Script()
    for text in ("first=1", "jitter", "jitter=much", "jitter=2", "first_token_ms=-1"):
        with pytest.raises(InputError):
            parse_script(text)
