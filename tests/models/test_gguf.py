"""A model file as a backend: its child starts with the first question, and never outlives who started it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from pilotfish.errors import BackendError, BackendResting, BackendUnavailable
from pilotfish.models import gguf
from pilotfish.models.backend import Chat, Message, Prompt
from pilotfish.models.breaker import FAILURES
from pilotfish.models.gguf import Gguf
from pilotfish.models.registry import open_backend
from pilotfish.settings.model import BackendSettings
from tests.models.stub_server import until
from tests.models.tiny_gguf import CHAT_TEXT, ENDLESS_AFTER, FIM_TEXT

HOLE = Prompt("def add(left, right):\n", "\n")
TALK = Chat((Message("user", "Hello"),))
DEADLINE_S = 20.0


def backend(model: Path | str, **options: Any) -> Gguf:
    made = open_backend("mine", BackendSettings(kind="gguf", model=str(model), options=options))
    assert isinstance(made, Gguf)
    return made


async def said(made: Gguf, asked: Prompt | Chat = HOLE) -> str:
    async with aclosing(made.stream(asked)) as pieces:
        return "".join([piece async for piece in pieces])


def pid_of(made: Gguf) -> int:
    assert made._process is not None
    return made._process.pid


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


async def test_it_answers_and_ends_with_its_backend(tiny_model: Path) -> None:
    made = backend(tiny_model, threads=1)
    assert await said(made) == FIM_TEXT
    pid = pid_of(made)
    assert await said(made, TALK) == CHAT_TEXT
    assert pid_of(made) == pid
    pieces = made.stream(Prompt(f"a\n{ENDLESS_AFTER}", "", max_tokens=5_000))
    await anext(pieces)  # in the middle of an answer
    await made.aclose()
    assert not is_alive(pid)
    await pieces.aclose()


async def test_it_is_started_once_for_many_and_goes_on_when_they_are_cancelled(tiny_model: Path) -> None:
    made = backend(tiny_model, threads=1)
    first = asyncio.ensure_future(said(made))
    await asyncio.sleep(0)
    starting = made._starting
    others = [asyncio.ensure_future(said(made)) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [FIM_TEXT] * 3
    assert made._starting is starting
    await made.aclose()


async def test_a_child_that_died_is_replaced(tiny_model: Path) -> None:
    made = backend(tiny_model, threads=1)
    await said(made)
    pid = pid_of(made)
    os.kill(pid, 9)
    await until(lambda: made._process is not None and made._process.returncode is not None)
    assert await said(made) == FIM_TEXT
    assert pid_of(made) != pid
    await made.aclose()


async def test_a_file_that_is_no_model_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "no.gguf"
    file.write_bytes(b"GGUF but not really")
    made = backend(file)
    for _ in range(FAILURES):
        with pytest.raises(BackendUnavailable, match=r"cannot run .*no\.gguf"):
            await said(made)
    with pytest.raises(BackendResting):
        await said(made)
    await made.aclose()


@pytest.mark.parametrize("model", ["", "/no/such/file.gguf"])
def test_a_file_that_is_not_there_is_named(model: str) -> None:
    with pytest.raises(BackendError, match=r"backends\.mine\.model"):
        backend(model)


def test_without_the_extra_it_says_what_to_install(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf, "find_spec", lambda _name: None)
    with pytest.raises(BackendError, match=r"-m pip install xllamacpp"):
        backend(tiny_model)


@pytest.fixture
def orphan_maker(tiny_model: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that starts a child, tells its number, and hangs."""
    code = (
        "import asyncio, sys\n"
        "from tests.models.test_gguf import backend, pid_of, said\n"
        "async def main():\n"
        "    made = backend(sys.argv[1])\n"
        "    await said(made)\n"
        "    print(pid_of(made), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, str(tiny_model)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


async def test_it_ends_when_its_parent_is_killed(orphan_maker: subprocess.Popen[str]) -> None:
    assert orphan_maker.stdout is not None
    pid = int(await asyncio.to_thread(orphan_maker.stdout.readline))
    assert is_alive(pid)
    orphan_maker.kill()
    await until(lambda: not is_alive(pid), DEADLINE_S)
