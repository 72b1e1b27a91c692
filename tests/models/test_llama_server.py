"""The wire shapes through the real llama.cpp server: exact text, freed slots, a server that dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.errors import AnswerBroken, BackendError, BackendUnavailable, KeyRefused, PromptRefused
from pilotfish.models.backend import Chat, Message, Prompt, PromptPart
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.http import Http
from pilotfish.settings.model import BackendSettings
from pilotfish.text.document import Position
from tests.completion.scripted import resources, trace_of
from tests.marked import document_of, request_of
from tests.models.llama_server import LlamaServer
from tests.models.stub_server import until
from tests.models.tiny_gguf import CHAT_TEXT, ENDLESS_AFTER, FIM_TEXT

HOLE = Prompt(
    "def add(left, right):\n", "\nprint(add(1, 2))\n", (PromptPart("tabs", "# b.py\nx = 1\n", "b.py"),)
)
TALK = Chat((Message("system", "Be short."), Message("user", "Hello")))
ENDLESS_TALK = Chat((Message("user", "Hello"), Message("assistant", ENDLESS_AFTER)), max_tokens=15_000)
ENDLESS = Prompt(f"a\n{ENDLESS_AFTER}", "", max_tokens=30_000)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http()
    yield made
    await made.aclose()


def memory_kb() -> int:
    """Of this process (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def open_files() -> int:
    """Of this process (Linux)."""
    return len(list(Path("/proc/self/fd").iterdir()))


def backend(llama: LlamaServer, http: Http, kind: str = "llama.cpp", **more: Any) -> PresetBackend:
    return PresetBackend("local", BackendSettings(kind=kind, url=llama.url, **more), http)


async def said(made: PresetBackend, asked: Prompt | Chat) -> str:
    async with aclosing(made.stream(asked)) as pieces:
        return "".join([piece async for piece in pieces])


@pytest.mark.parametrize(
    ("kind", "model", "asked", "text"),
    [
        ("llama.cpp", "", HOLE, FIM_TEXT),
        ("llama.cpp", "", TALK, CHAT_TEXT),
        ("openai-shaped", "qwen2.5-coder", HOLE, FIM_TEXT),
        ("openai-shaped", "", TALK, CHAT_TEXT),
        ("openai-shaped", "starcoder2", HOLE, CHAT_TEXT),  # another model's tokens are just text
        ("vllm", "qwen2.5-coder", HOLE, FIM_TEXT),
        ("openai", "gpt-4.1", TALK, CHAT_TEXT),
        ("openai-responses", "gpt-4.1", TALK, CHAT_TEXT),
        ("anthropic", "claude-haiku-4-5", TALK, CHAT_TEXT),
    ],
)
async def test_the_exact_text(
    llama: LlamaServer, http: Http, kind: str, model: str, asked: Prompt | Chat, text: str
) -> None:
    assert await said(backend(llama, http, kind, model=model), asked) == text
    assert llama.busy_slots() == 0


@pytest.mark.parametrize("kind", ["llama.cpp", "openai-shaped"])
async def test_embeddings(llama: LlamaServer, http: Http, kind: str) -> None:
    made = backend(llama, http, kind)
    assert made.abilities.embed
    vectors = await made.embed(["aaaa", "bbbb", "aaaa"])
    assert [len(vector) for vector in vectors] == [288] * 3
    assert vectors[0] == pytest.approx(vectors[2])
    assert vectors[0] != pytest.approx(vectors[1])


@pytest.mark.parametrize(("kind", "model"), [("llama.cpp", ""), ("openai-shaped", "qwen2.5-coder")])
async def test_control_tokens_in_the_users_text_are_text(
    llama: LlamaServer, http: Http, kind: str, model: str
) -> None:
    """A hole after `<|fim_middle|>` in a file is no middle: the model sees a plain byte last."""
    hole = Prompt("a = '<|fim_suffix|>'\nb = '<|fim_middle|>", "'<|fim_prefix|>\n")
    assert await said(backend(llama, http, kind, model=model), hole) == CHAT_TEXT


async def test_the_server_s_own_form_where_the_control_tokens_are_unknown(
    llama: LlamaServer, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotfish.models.preset_backend.family_in", lambda _page: None)
    made = backend(llama, http)
    assert await said(made, HOLE) == FIM_TEXT
    assert made.profile.template == ""


@pytest.mark.parametrize(
    ("kind", "model", "asked"),
    [
        ("llama.cpp", "", ENDLESS),
        ("openai-shaped", "qwen2.5-coder", ENDLESS),
        ("llama.cpp", "", ENDLESS_TALK),
        ("openai", "gpt-4.1", ENDLESS_TALK),
        ("anthropic", "claude-haiku-4-5", ENDLESS_TALK),
    ],
)
async def test_a_cancelled_stream_frees_its_slot(
    llama: LlamaServer, http: Http, kind: str, model: str, asked: Prompt | Chat
) -> None:
    made = backend(llama, http, kind, model=model)
    waits_ms = []
    for _ in range(5):
        pieces = made.stream(asked)
        await anext(pieces)
        assert llama.busy_slots() == 1
        await pieces.aclose()
        start = time.perf_counter()
        await until(lambda: llama.busy_slots() == 0)
        waits_ms.append((time.perf_counter() - start) * 1000)
    assert median(waits_ms) <= 50


async def test_a_hundred_cancelled_requests_leave_nothing(llama: LlamaServer, http: Http) -> None:
    made = backend(llama, http)
    await http.warm_up()
    theirs_kb = []
    for number in range(110):
        task = asyncio.ensure_future(said(made, ENDLESS))
        await asyncio.sleep(0.002 * (number % 5))  # before, at and after the first token
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        if number == 9:
            theirs_kb.append(llama.memory_kb())
            files, ours_kb = open_files(), memory_kb()
    await until(lambda: llama.busy_slots() == 0)
    theirs_kb.append(llama.memory_kb())
    assert memory_kb() - ours_kb < 4_000
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert theirs_kb[1] - theirs_kb[0] < 20_000
    assert open_files() <= files + 1  # one connection may be kept
    assert await said(made, HOLE) == FIM_TEXT


@pytest.mark.parametrize("after_ms", [0, 1, 2, 4])
async def test_who_is_cancelled_while_it_learns_learns_later(
    llama: LlamaServer, http: Http, after_ms: int
) -> None:
    made = backend(llama, http)
    task = asyncio.ensure_future(said(made, HOLE))
    await asyncio.sleep(after_ms / 1000)
    task.cancel()
    await asyncio.wait([task])
    assert await said(made, HOLE) == FIM_TEXT
    assert made.profile.name == "qwen"


async def test_a_server_that_dies_in_the_middle_and_comes_back(tiny_model: Path, http: Http) -> None:
    first = LlamaServer(tiny_model)
    made = backend(first, http)
    pieces = made.stream(ENDLESS)
    await anext(pieces)
    first.kill()
    with pytest.raises(AnswerBroken):
        async for _ in pieces:
            pass
    with pytest.raises(BackendUnavailable):
        await said(made, HOLE)
    second = LlamaServer(tiny_model, port=first.port, window_tokens=2048)
    assert await said(made, HOLE) == FIM_TEXT
    assert made.profile.window_tokens == 1536  # what was known of the first one is forgotten
    second.stop()


async def test_keys(tiny_model: Path, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    server = LlamaServer(tiny_model, key="sk-right")
    made = backend(server, http, key_env="LLAMA_KEY")
    with pytest.raises(KeyRefused, match="Invalid API Key"):
        await said(made, HOLE)
    monkeypatch.setenv("LLAMA_KEY", "sk-right")
    anew = backend(server, http, key_env="LLAMA_KEY")
    assert await said(anew, HOLE) == FIM_TEXT
    server.stop()


async def test_a_small_window_is_learned_from_the_server(tiny_model: Path, http: Http) -> None:
    server = LlamaServer(tiny_model, window_tokens=2048)
    made = backend(server, http)
    assert await said(made, HOLE) == FIM_TEXT
    assert (made.profile.window_tokens, made.profile.max_tokens) == (1536, 128)
    server.stop()


async def test_what_it_refuses(llama: LlamaServer, http: Http) -> None:
    made = backend(llama, http)
    long = Chat((Message("user", "x" * 40_000),))
    with pytest.raises(PromptRefused, match="context"):
        await said(made, long)
    wrong = PresetBackend("local", BackendSettings(kind="llama.cpp", url=f"{llama.url}/nowhere"), http)
    with pytest.raises(BackendError, match="404"):
        await said(wrong, HOLE)


@pytest.mark.parametrize(
    ("options", "text"), [({}, "return left + right"), ({"fim": "off"}, "Use the built-in sum():")]
)
async def test_the_pipeline_over_the_real_server(
    llama: LlamaServer, http: Http, options: dict[str, str], text: str
) -> None:
    made = backend(llama, http, options=options)
    using = resources(backend=("local",), backends={"local": made}, max_lines=1)
    # What the chat says is no Python, and would be refused there.
    request = request_of(
        "Adding numbers\n\n$0\n", name="a.txt", language="plaintext", trigger=Trigger.INVOKED
    )
    outcome = await complete(request, using, trace_of(request, using))
    assert [completion.text.strip() for completion in outcome.completions] == [text]


@pytest.mark.parametrize("open_beside", [0, 6])
async def test_typing_reads_few_tokens_again(llama: LlamaServer, http: Http, open_beside: int) -> None:
    """Fifty keys in the middle of 2,000 lines. The tiny model's tokens are bytes: its window too."""
    lines = [f"def function_{n}(value): return value + {n}" for n in range(2_000)]
    typed = "    result = function_1(left_hand_side, right_side)\n"[:50]
    window = {"prefix_tokens": 1_400 // 4, "suffix_tokens": 480 // 4}
    made = backend(llama, http, options=window)
    using = resources(backend=("local",), backends={"local": made}, max_lines=1)
    words = ("result", "left_hand_side", "function_1", "right_side", "value", "function_990")
    others = tuple(
        document_of(f"{words[n]} = {n}\nreturn value + {words[n - 1]}\n" * 9, name=f"{n}.py")
        for n in range(open_beside)
    )
    read_again = []
    for length in range(1, len(typed) + 1):
        text = "\n".join([*lines[:1_000], typed[:length], *lines[1_000:]]) + "\n"
        request = CompletionRequest(document_of(text), Position(1_000, length), Trigger.INVOKED, others)
        before = llama.prompt_tokens()
        await complete(request, using, trace_of(request, using))
        await until(lambda: llama.busy_slots() == 0)
        read_again.append(llama.prompt_tokens() - before)
    assert len(read_again) == 50
    assert max(read_again[1:]) <= 32
