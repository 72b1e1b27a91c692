import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from pilotfish.index import process as process_module
from pilotfish.index.event import IndexEvent
from pilotfish.index.process import IndexerProcess
from pilotfish.index.store import Store
from tests.index.workspace import FILES, LIMITS, Limits, lay_out, read

DEADLINE_S = 30.0


class Indexing:
    """An indexer process and what it said."""

    def __init__(self, root: Path, directory: Path, limits: Limits = LIMITS, *, watched: bool = True) -> None:
        self.root, self.directory = root, directory
        self.events: list[IndexEvent] = []
        self.process = IndexerProcess(root, directory, limits, self.events.append, watched=watched)

    @property
    def state(self) -> str:
        return self.events[-1].state if self.events else ""

    @property
    def contents(self) -> dict[str, str]:
        return read(self.root, self.directory)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not is_so():  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(0.01)


@pytest.fixture
async def indexing(tmp_path: Path) -> AsyncIterator[Indexing]:
    indexing = Indexing(lay_out(tmp_path / "ws"), tmp_path / "i")
    yield indexing
    await indexing.process.aclose()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_humble(pid: int) -> bool:
    """Whether the system was told that everything else goes first; Windows says so to nobody."""
    if sys.platform == "win32":
        return True
    is_batch = sys.platform != "linux" or os.sched_getscheduler(pid) == os.SCHED_BATCH
    return is_batch and os.getpriority(os.PRIO_PROCESS, pid) >= 10


async def test_it_builds_follows_changes_and_leaves_nothing_behind(indexing: Indexing) -> None:
    root = indexing.root
    await indexing.process.start([root / "pkg2" / "mod2.py"])
    await indexing.until(lambda: indexing.state == "ready")
    assert set(indexing.contents) == set(FILES)
    assert indexing.events[-1].files == len(FILES)

    lay_out(root, {"new.py": "new = 1\n"})
    (root / "README.md").rename(root / "LIESMICH.md")
    changed = [root / "new.py", root / "README.md", root / "LIESMICH.md", root.parent / "outside.py", root]
    indexing.process.changed(changed)
    expected = {*FILES, "new.py", "LIESMICH.md"} - {"README.md"}
    await indexing.until(lambda: set(indexing.contents) == expected)

    lay_out(root, {".gitignore": "pkg0/\n"})
    indexing.process.changed([root / ".gitignore"])
    await indexing.until(lambda: "pkg0/mod0.py" not in indexing.contents)

    (root / ".gitignore").unlink()
    indexing.process.rescan()
    await indexing.until(lambda: set(indexing.contents) == expected)

    pid = indexing.process.pid
    assert pid is not None
    assert is_humble(pid)
    await indexing.process.aclose()
    assert not is_alive(pid)
    assert indexing.process.pid is None
    Store(root, indexing.directory).close()


async def test_a_killed_indexer_comes_back_and_goes_on(indexing: Indexing) -> None:
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    pid = indexing.process.pid
    assert pid is not None
    lay_out(indexing.root, {"while/away.py": "x = 1\n"})
    told = len(indexing.events)
    os.kill(pid, signal.SIGKILL)
    await indexing.until(lambda: "while/away.py" in indexing.contents)
    assert indexing.events[told].state == "building", "until it is back, nobody knows whether all is ready"
    assert indexing.process.pid != pid
    assert not is_alive(pid)


async def test_one_that_keeps_dying_is_given_up_until_it_is_asked_for(
    indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(process_module, "_FIRST_DELAY_S", 0.001)
        patch.setattr(process_module, "MAX_DEATHS", 3)
        patch.setattr(sys, "executable", shutil.which("false"))
        await indexing.process.start()
        await indexing.until(lambda: indexing.state == "failed")
        assert "3 times" in indexing.events[-1].text
        assert indexing.events[-1].is_given_up
        await indexing.until(lambda: indexing.process.pid is None)
    indexing.process.changed([indexing.root / "README.md"])
    indexing.process.rebuild()
    await indexing.until(lambda: indexing.state == "ready")


async def test_one_that_cannot_be_started_is_one_sentence(
    indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(indexing.root / "nowhere"))
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "failed")
    assert "No such file" in indexing.events[-1].text
    assert indexing.events[-1].is_given_up


async def test_a_second_indexer_waits_follows_and_takes_over(tmp_path: Path, indexing: Indexing) -> None:
    second = Indexing(indexing.root, indexing.directory)
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    await second.process.start()
    await second.until(lambda: second.state == "waiting")
    lay_out(indexing.root, {"new.py": "new = 1\n"})
    indexing.process.changed([indexing.root / "new.py"])
    await second.until(lambda: "new.py" in second.contents)
    await indexing.process.aclose()
    await second.until(lambda: second.state == "ready")
    await second.process.aclose()


async def test_a_deleted_cache_is_built_anew(indexing: Indexing) -> None:
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    indexing.directory.rename(indexing.directory.with_name("gone"))  # The indexer may be writing just now.
    indexing.process.rescan()
    await indexing.until(lambda: set(indexing.contents) == set(FILES))


async def test_damage_is_found_when_somebody_has_a_suspicion(indexing: Indexing) -> None:
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    (name,) = (path.name for path in (indexing.directory / "segments").iterdir())
    data = indexing.directory / "segments" / name / "data.bin"
    content = bytearray(data.read_bytes())
    content[100] ^= 1
    data.write_bytes(content)
    indexing.process.rescan()
    generation = indexing.events[-1].generation
    await indexing.until(lambda: indexing.state == "ready" and indexing.events[-1].generation > generation)
    assert name not in (indexing.directory / "manifest.json").read_text()
    assert set(indexing.contents) == set(FILES)


async def test_a_stream_of_changes_without_a_pause_does_not_hold_it_up(indexing: Indexing) -> None:
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    lay_out(indexing.root, {"new.py": "new = 1\n"})

    def is_in_while_more_come() -> bool:
        indexing.process.changed([indexing.root / "new.py"])
        return "new.py" in indexing.contents

    await indexing.until(is_in_while_more_come)


async def test_it_can_be_built_anew_on_demand(indexing: Indexing) -> None:
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    generation = indexing.events[-1].generation
    before = {path.name for path in (indexing.directory / "segments").iterdir()}
    indexing.process.rebuild()
    assert indexing.state == "building"
    await indexing.until(lambda: indexing.state == "ready" and indexing.events[-1].generation > generation)
    assert before.isdisjoint(path.name for path in (indexing.directory / "segments").iterdir())
    assert set(indexing.contents) == set(FILES)


async def test_changes_that_nobody_reports_are_heard_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "SWEEP_S", 3600)
    indexing = Indexing(lay_out(tmp_path / "ws"), tmp_path / "i", watched=False)
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")

    def is_heard_of() -> bool:
        # From the first moment on the scan may come before the ears.
        lay_out(indexing.root, {"new/one.py": f"new = {time.monotonic()}\n"})
        return "new/one.py" in indexing.contents

    await indexing.until(is_heard_of)

    def is_noticed() -> bool:
        """The session reads these itself; it did when it started, so the ears alone tell of them."""
        lay_out(indexing.root, {".gitignore": f"pkg0/\n#{time.monotonic()}\n", "new/.pilotfish.toml": ""})
        noticed = {name for event in indexing.events for name in event.noticed}
        return noticed == {".gitignore", "new/.pilotfish.toml"}

    await indexing.until(is_noticed)
    lay_out(indexing.root, {"new/two.py": "two = 2\n"})
    await indexing.until(
        lambda: "new/two.py" in indexing.contents and "pkg0/mod0.py" not in indexing.contents
    )
    await indexing.process.aclose()


def test_changes_that_nobody_tells_of_are_found(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws")
    command = [sys.executable, "-P", "-m", "pilotfish.index", str(root), str(tmp_path / "i"), "--sweep-s=0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        states = (json.loads(line)["state"] for line in child.stdout)
        assert "ready" in states
        lay_out(root, {"new.py": "new = 1\n"})
        assert "ready" in states
        assert "new.py" in read(root, tmp_path / "i")
        child.stdin.close()


async def test_a_cache_that_cannot_be_used_is_one_sentence_and_soon_tried_again(tmp_path: Path) -> None:
    (tmp_path / "i").write_text("not a folder")
    indexing = Indexing(lay_out(tmp_path / "ws"), tmp_path / "i" / "j")
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "failed")
    assert "cannot use the folder" in indexing.events[-1].text
    assert not indexing.events[-1].is_given_up
    (tmp_path / "i").unlink()
    await indexing.until(lambda: indexing.state == "ready")
    await indexing.process.aclose()


async def test_a_lost_workspace_is_one_sentence(tmp_path: Path) -> None:
    indexing = Indexing(tmp_path / "ws", tmp_path / "i")
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "failed")
    assert "cannot read the folder" in indexing.events[-1].text
    await indexing.process.aclose()


async def test_nothing_of_the_workspace_is_run(indexing: Indexing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is often started in the workspace, and `python -m` would import from there first."""
    marker = indexing.root / "ran"
    for name in ("numpy", "json", "pathspec", "sitecustomize", "pilotfish"):
        (indexing.root / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    monkeypatch.chdir(indexing.root)
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    assert not marker.exists()


async def test_excluded_folders_stay_out(tmp_path: Path) -> None:
    indexing = Indexing(lay_out(tmp_path / "ws"), tmp_path / "i", Limits(exclude=("pkg1", "-odd", "*.md")))
    await indexing.process.start()
    await indexing.until(lambda: indexing.state == "ready")
    assert set(indexing.contents) == {p for p in FILES if not p.startswith("pkg1/") and not p.endswith(".md")}
    await indexing.process.aclose()


async def test_closing_one_that_never_started_is_fine(indexing: Indexing) -> None:
    indexing.process.changed([indexing.root / "README.md"])
    indexing.process.rescan()
    await indexing.process.aclose()
    await indexing.process.start()
    await indexing.process.aclose()
    await indexing.process.aclose()


def test_the_indexer_does_not_outlive_a_killed_server(tmp_path: Path) -> None:
    lay_out(tmp_path / "ws")
    server = """if True:
        import asyncio, sys
        from pathlib import Path
        from pilotfish.index.process import IndexerProcess
        from tests.index.workspace import LIMITS

        async def main():
            ready = asyncio.Event()
            process = IndexerProcess(Path(sys.argv[1]), Path(sys.argv[2]), LIMITS, lambda event: ready.set())
            await process.start()
            await ready.wait()
            print(process.pid, flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """
    command = [sys.executable, "-c", server, str(tmp_path / "ws"), str(tmp_path / "i")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        child.kill()
    until = time.monotonic() + DEADLINE_S
    while is_alive(pid) and _state(pid) != "Z":
        assert time.monotonic() < until
        time.sleep(0.01)


def _state(pid: int) -> str:
    """Of a process, after its parent died: `Z` where this machine's first process does not reap orphans."""
    status = Path(f"/proc/{pid}/stat")
    return status.read_text().rpartition(")")[2].split()[0] if status.exists() else ""


def test_commands_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    lay_out(tmp_path / "ws")
    odd = [
        b"x",
        b"[]",
        b'{"do": "fly"}',
        b"{}",
        b"\xff",
        b'{"do": "changed", "paths": [1, null]}',
        b'{"do": "changed"}',
    ]
    commands = b"\n".join([*odd, b'{"do": "stop"}', b""])
    command = [sys.executable, "-P", "-m", "pilotfish.index", str(tmp_path / "ws"), str(tmp_path / "i")]
    done = subprocess.run(command, input=commands, capture_output=True, check=True, timeout=DEADLINE_S)
    assert done.stderr == b""
    assert all(json.loads(line)["state"] in ("building", "ready") for line in done.stdout.splitlines())
