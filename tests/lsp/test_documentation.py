"""Each example in docs/protocol.md has the shape of what a server really sends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pilotfish.lsp.commands import COMMANDS
from pilotfish.lsp.provided import COMMAND_NAMES
from tests.lsp.test_completion import scripted
from tests.lsp.wire import Wire, server_here

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
EXAMPLES = {
    name: json.loads(text)
    for name, text in re.findall(r"<!-- answer: (.+?) -->\n```json\n(.+?)```", DOCUMENT, re.S)
}
URI = "file:///workspace/a.py"
TEXT = "def add(left, right):\n    return left + right\n\n\n\ndef sub(left, right):\n    ret"
ENGINE = {"index": {"enabled": False}, "completion": {"min_confidence": 0}}


async def completed(wire: Wire) -> Any:
    await wire.initialize(initializationOptions=ENGINE)
    wire.open(URI, TEXT)
    return (await wire.answer(wire.complete(URI, 6, 7)))["result"]


async def status(wire: Wire) -> Any:
    await completed(wire)
    return await wire.request("pilotfish/status")


async def status_told(wire: Wire) -> Any:
    await completed(wire)
    await wire.until(
        lambda: [told for told in wire.notifications if told["method"] == "pilotfish/didChangeStatus"]
    )
    return wire.notifications[-1]["params"]


async def problem(wire: Wire) -> Any:
    await wire.initialize(initializationOptions=scripted(chunks=["a"], fail_after=0))
    wire.open(URI, TEXT)
    await wire.answer(wire.complete(URI, 6, 7))
    return await wire.request("pilotfish/status")


async def trace(wire: Wire) -> Any:
    await completed(wire)
    return await wire.request("pilotfish/trace", {"last": 1})


def check_shape(example: Any, real: Any, path: str) -> None:
    """The same keys in the same order, and values of the same JSON type, all the way down."""
    number = (int, float)
    assert type(real) is type(example) or (isinstance(real, number) and isinstance(example, number)), path
    if isinstance(example, dict):
        assert list(real) == list(example), path
        for key in example:
            check_shape(example[key], real[key], f"{path}.{key}")
    elif isinstance(example, list):
        assert bool(real) == bool(example), path
        for each in real:
            check_shape(example[0], each, f"{path}[]")


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("textDocument/inlineCompletion", completed),
        ("pilotfish/status", status),
        ("pilotfish/status", status_told),
        ("pilotfish/status problem", problem),
        ("pilotfish/trace", trace),
    ],
)
async def test_examples_are_what_is_sent(name: str, ask: Any) -> None:
    async with server_here() as (wire, _, _):
        check_shape(EXAMPLES[name], await ask(wire), name)


async def test_an_example_is_exactly_what_is_sent() -> None:
    async with server_here() as (wire, _, _):
        (item, *_) = (await completed(wire))["items"]
        (example,) = EXAMPLES["textDocument/inlineCompletion"]["items"]
        assert {**item, "command": None} == {**example, "command": None}
        assert [
            stage["stage"] for stage in (await wire.request("pilotfish/trace", {"last": 1}))[0]["stages"]
        ] == [stage["stage"] for stage in EXAMPLES["pilotfish/trace"][0]["stages"]]


def test_every_example_is_tested_and_every_command_documented() -> None:
    assert set(EXAMPLES) == {
        "textDocument/inlineCompletion", "pilotfish/status", "pilotfish/status problem", "pilotfish/trace"
    }  # fmt: skip
    assert set(COMMANDS) == set(COMMAND_NAMES)
    assert all(f"`{command}`" in DOCUMENT for command in COMMANDS)
