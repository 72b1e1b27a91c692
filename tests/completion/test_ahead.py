"""What is made ready before it is asked for: the rest of a stream, and what is dear on disk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pilotfish.completion.ahead import READ_ON_CHARS, Ahead, as_if_inserted, may_work_ahead
from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import Source
from pilotfish.completion.resources import Outcome, Resources
from pilotfish.completion.stored import Stored
from pilotfish.models.echo import EchoBackend
from pilotfish.platform.cache import AsyncCache, Cache
from pilotfish.settings.model import CompletionSettings
from tests.completion.scripted import echo, resources, trace_of
from tests.marked import request_of


async def ask(text: str, using: Resources) -> Outcome:
    request = request_of(text)
    async with asyncio.timeout(20):
        return await complete(request, using, trace_of(request, using))


def said(outcome: Outcome) -> list[str]:
    return [completion.text for completion in outcome.completions]


def streaming(*chunks: str, **options: Any) -> tuple[EchoBackend, Resources]:
    backend = echo(*chunks, **options)
    return backend, replace(resources(backend=("demo",), backends={"demo": backend}), ahead=Ahead())


async def test_the_rest_of_a_stream_is_there_once_the_first_part_is_accepted() -> None:
    backend, using = streaming("foo()\n", "y = bar()\n", "\n", "z = 1")
    assert said(await ask("x = $0", using)) == ["foo()"]
    assert said(await ask("x = foo()$0", using)) == ["\ny = bar()"]
    assert said(await ask("x = foo()\n$0", using)) == ["y = bar()"]
    assert (backend.asked, backend.open_streams) == (1, 0)
    assert using.ahead is not None
    await using.ahead.aclose()


async def test_an_endless_stream_is_not_read_for_ever() -> None:
    backend, using = streaming("foo()\n", "a, b, c, d, e, f", endless=True)
    await ask("x = $0\n", using)
    assert using.ahead is not None
    assert using.ahead._task is not None
    async with asyncio.timeout(20):
        await asyncio.wait([using.ahead._task])
    assert backend.open_streams == 0
    assert READ_ON_CHARS < 10_000


async def test_a_question_about_another_place_ends_it() -> None:
    backend, using = streaming("foo()\n", "and on", endless=True, gap_ms=1)
    await ask("x = $0\n", using)
    assert backend.open_streams == 1
    other = ask("y = [$0\n", using)
    task = asyncio.ensure_future(other)
    while backend.asked < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert backend.open_streams <= 1
    await task
    assert using.ahead is not None
    await using.ahead.aclose()
    await asyncio.sleep(0)
    assert backend.open_streams == 0


@pytest.mark.parametrize(
    ("ahead", "is_remote", "may"),
    [("free", False, True), ("free", True, False), ("always", True, True), ("off", False, False)],
)
def test_who_may_cost_money_is_not_asked_unasked(ahead: str, is_remote: bool, may: bool) -> None:
    backend = echo("a")
    backend.is_remote = is_remote
    assert may_work_ahead(backend, CompletionSettings(ahead=ahead)) == may


@pytest.mark.parametrize(
    ("text", "inserted", "then"),
    [
        ("x = $0\ny\n", "foo()", "x = foo()$0\ny\n"),
        ("x = $0)\n", "foo(\n  a", "x = foo(\n  a$0)\n"),
        ("x = $0", "a\nb", "x = a\nb$0"),
        ("$0\r\n", "a\r\nb", "a\r\nb$0\r\n"),
        ("$0\n", "a\u2028b", "a\u2028b$0\n"),
    ],
)
def test_the_document_once_it_is_accepted(text: str, inserted: str, then: str) -> None:
    request, wanted = as_if_inserted(request_of(text), inserted), request_of(then)
    assert tuple(request.document.lines) == tuple(wanted.document.lines)
    assert request.position == wanted.position


async def test_what_was_paid_for_is_found_again_by_another_session(tmp_path: Path) -> None:
    for run in range(2):
        backend = echo("foo()")
        backend.is_remote = True
        stored = Stored(AsyncCache(Cache(tmp_path / "kept", 100_000)))
        using = resources(backend=("demo",), backends={"demo": backend})
        using = replace(using, stored=stored, is_private=lambda _: False)
        outcome = await ask("x = $0\n", using)
        assert said(outcome) == ["foo()"]
        await stored.aclose()
        assert backend.asked == (run == 0)
        assert outcome.completions[0].source is (Source.MODEL if run == 0 else Source.CACHE)


async def test_what_costs_nothing_is_not_kept_on_disk(tmp_path: Path) -> None:
    stored = Stored(AsyncCache(Cache(tmp_path / "kept", 100_000)))
    using = replace(resources(backend=("demo",), backends={"demo": echo("foo()")}), stored=stored)
    await ask("x = $0\n", using)
    await stored.aclose()
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("value", [b"", b"[]", b'{"texts": 1, "at": 1}', b'{"texts": ["a"], "at": 1}', b"{}"])
async def test_what_is_old_or_not_ours_is_not_found(tmp_path: Path, value: bytes) -> None:
    cache = AsyncCache(Cache(tmp_path / "kept", 100_000))
    await cache.put("place", value)
    stored = Stored(cache)
    assert await stored.find("place") == ()
    await stored.aclose()
