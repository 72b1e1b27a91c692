"""Typing with everything that a session shows a model, against the real server: it reads little again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median

from pilotfish.completion.request import Trigger
from pilotfish.session.session import Session
from pilotfish.text.document import Position
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding, Place
from tests.models.llama_server import LlamaServer
from tests.models.stub_server import until
from tests.session.test_settings import Reports

TYPED = "    result = function_1(left_hand_side, right_side)\n"[:50]
LINES = [f"def function_{n}(value): return value + {n}" for n in range(2_000)]
OTHER = "def left_hand_side(result):\n    return function_1(result)\n\n\n" * 40
LINE = 1_000


def settings(url: str) -> dict[str, object]:
    """The tiny model's tokens are bytes, and so is its window of 16,384."""
    window = {"prefix_tokens": 1_400 // 4, "suffix_tokens": 480 // 4}
    return {
        "backend": ["local"],
        "backends": {"local": {"kind": "llama.cpp", "url": url, "options": window}},
        "context": {"max_tokens": 512, "max_wait_ms": 500},
        "completion": {"max_lines": 1},
    }


async def test_fifty_keys_read_few_tokens_again(llama: LlamaServer, tmp_path: Path) -> None:
    text = "\n".join([*LINES[:LINE], "", *LINES[LINE:]]) + "\n"
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text(OTHER)
    session = Session(Reports(), Encoding.UTF16, [tmp_path], settings(llama.url))
    session.start()
    session.open("file:///b.py", tmp_path / "b.py", "python", 1, OTHER)
    session.open("file:///a.py", tmp_path / "a.py", "python", 1, text)
    read_again = []
    try:
        await asyncio.wait_for(session.completions.ready.wait(), 30)
        for column, key in enumerate(TYPED):
            here = Place(LINE, column)
            session.change("file:///a.py", column + 2, [Change(key, here, here)])
            document = session.documents.get("file:///a.py")
            assert document is not None
            request = session.request(document, Position(LINE, column + 1), Trigger.INVOKED)
            before = llama.prompt_tokens()
            await session.completions.complete(request, session.traces.begin(document))
            await until(lambda: llama.busy_slots() == 0)
            read_again.append(llama.prompt_tokens() - before)
    finally:
        await session.aclose()
    asked = [tokens for tokens in read_again[1:] if tokens]
    assert len(asked) > 40
    assert median(asked) <= 32, read_again
