"""Bad files, bad disks, bad neighbours: the real server lives, says so in a clear line, and harms nothing.

Each test starts `pilotfish serve` on a workspace of its own, and afterwards finds every file of it unchanged.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.client import LspClient
from pilotfish.platform.paths import index_directory

WEAKENED = Path(__file__).parent / "weakened.py"
DEADLINE_S = 30.0

GOOD = """\
def read_configuration(path):
    with open(path, encoding="utf-8") as configuration:
        return parse_configuration(configuration.read())


def write_configuration(path, values):
    with open(path, "w", encoding="utf-8") as configuration:
        configuration.write(format_configuration(values))
"""
TYPED = "def read_configuration(path):\n    with open(path, encoding="
TYPED_ON = '"utf-8") as configuration:'


class Server:
    """A running server: its client, its log, and short words for what tests ask."""

    def __init__(self, client: LspClient, root: Path, log_file: Path) -> None:
        self.client = client
        self.root = root
        self.log_file = log_file

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = self.client.request("pilotfish/status", None).result
        return status

    def index_becomes(self, state: str, files: int | None = None) -> dict[str, Any]:
        """Wait for the index's state, and return the whole status."""
        until(lambda: self._index_is(state, files), lambda: f"{self.status()}\n{self.log}")
        return self.status()

    def _index_is(self, state: str, files: int | None) -> bool:
        index = self.status()["index"]
        return index["state"] == state and files in (None, index["files"])

    def logs(self, pattern: str) -> None:
        """Wait until a line of the log holds the pattern."""
        until(lambda: re.search(pattern, self.log) is not None, lambda: f"{pattern!r} not in:\n{self.log}")

    def open(self, text: str, name: str = "typed.py") -> str:
        uri = (self.root / name).as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def offered(self, uri: str, line: int, character: int) -> list[str]:
        """The texts that are offered when the user asks."""
        answer = self.client.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": uri},
                "position": {"line": line, "character": character},
                "context": {"triggerKind": 1},
            },
        )
        assert answer.error is None, answer.error
        return [item["insertText"] for item in answer.result["items"]]

    def completes(self) -> bool:
        """Whether a line that stands in the workspace's good file is offered while it is typed elsewhere."""
        uri = self.open(TYPED)
        line, character = TYPED.count("\n"), len(TYPED.rpartition("\n")[2])
        offered = self.offered(uri, line, character)
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        return any(text.split("\n")[0] == TYPED_ON for text in offered)

    def is_writing(self) -> bool:
        """Whether the indexer is at a segment that no manifest names yet; once done, it begins anew."""
        if self.status()["index"]["state"] == "ready":
            self.client.request("workspace/executeCommand", {"command": "pilotfish.reindex"})
        index = index_directory(self.root)
        named, segments = "", index / "segments"
        with suppress(FileNotFoundError):
            named = (index / "manifest.json").read_text()
        return segments.exists() and any(segment.name not in named for segment in segments.iterdir())

    def children(self) -> list[int]:
        """Process ids of the server's children."""
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        pairs = (line.split() for line in listing.splitlines())
        return [int(pid) for pid, parent in pairs if int(parent) == self.client.process.pid]


def until(is_so: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Poll until it is so; fail at the deadline with what there is instead."""
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)


@contextmanager
def serving(
    root: Path, log_file: Path, limits: Mapping[str, Any] | None = None, options: object = None
) -> Iterator[Server]:
    """A server on `root`, initialized; it must leave in good order, and leave nobody behind."""
    command = [sys.executable, str(WEAKENED), str(log_file), json.dumps(limits or {})]
    client = LspClient([*command, sys.executable, "-m", "pilotfish", "serve"], timeout_s=DEADLINE_S)
    server = Server(client, root, log_file)
    try:
        answer = client.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
                "capabilities": {"general": {"positionEncodings": ["utf-8"]}},
                "initializationOptions": options,
            },
        )
        assert answer.error is None
        client.notify("initialized", {})
        yield server
        children = server.children()
        client.request("shutdown", None)
        client.notify("exit", None)
        assert client.process.wait(DEADLINE_S) == 0
        until(lambda: not any(map(is_running, children)), lambda: f"children are left: {children}")
        assert "Traceback" not in server.log
    finally:
        client.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def picture(root: Path) -> dict[str, tuple[int, int, int]]:
    """Every file below `root` with its mode, size and time."""
    found = {}
    for folder, _, names in os.walk(root):
        for path in (Path(folder), *(Path(folder) / name for name in names)):
            status = path.lstat()
            found[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one good file."""
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "good.py").write_text(GOOD)
    return root


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "log"


BAD_FILES: dict[str, bytes] = {
    "bytes.py": bytes(range(128, 256)) * 40,
    "nul.py": b"x = 1\n\0\0\0\n" * 40,
    "generated.py": b"table_entry(0x00, 0x00, 0x00, 0x00)\n" * (50_000_000 // 36),
    "line.py": b"x = [" + b"1, " * 66_666 + b"]\n",
    "empty.py": b"",
    "half.py": "# é".encode()[:-1],
}


def test_odd_files_are_passed_over(root: Path, log_file: Path) -> None:
    for name, data in BAD_FILES.items():
        (root / name).write_bytes(data)
    (root / "loop").symlink_to(root)
    (root / "self.py").symlink_to(root / "self.py")
    (root / "gone.py").symlink_to(root / "nowhere.py")
    os.mkfifo(root / "pipe.py")
    before = picture(root)
    with serving(root, log_file) as server:
        server.index_becomes("ready")
        assert server.status()["index"]["files"] <= 2  # half.py may pass for Latin-1
        assert server.completes()
    assert picture(root) == before


def test_a_folder_and_a_file_that_cannot_be_read(root: Path, log_file: Path) -> None:
    (root / "closed").mkdir()
    (root / "closed" / "inside.py").write_text("hidden = 1\n")
    (root / "secretive.py").write_text("hidden = 2\n")
    before = picture(root)
    (root / "closed").chmod(0)
    (root / "secretive.py").chmod(0)
    try:
        with serving(root, log_file, {"as_user": True}) as server:
            assert server.index_becomes("ready")["index"]["files"] == 1
            assert server.completes()
            server.logs(r"closed")
    finally:
        (root / "closed").chmod(0o755)
        (root / "secretive.py").chmod(0o644)
    assert picture(root) == before


OPENED = {
    "nul": "x = 1\n\0\0\0\n" * 40,
    "a long line": "x = [" + "1, " * 66_666,
    "generated": "table_entry(0x00, 0x00, 0x00, 0x00)\n" * (50_000_000 // 36),
    "empty": "",
    "line ends": "\r\r\n\n\r\u2028\x0b\x0c\x85" * 40,
}
PLACES = [(0, 0), (0, 10**9), (2**31 - 1, 0), (2**31 - 1, 2**31 - 1), (3, 2)]


@pytest.mark.parametrize("name", OPENED)
def test_whatever_is_open_every_place_gets_an_answer(root: Path, log_file: Path, name: str) -> None:
    with serving(root, log_file) as server:
        server.index_becomes("ready")
        uri = server.open(OPENED[name], "odd.py")
        for line, character in PLACES:
            assert len(server.offered(uri, line, character)) < 10
        end = {"line": 2**31 - 1, "character": 2**31 - 1}
        edit = {"range": {"start": end, "end": end}, "text": "\nx"}
        server.client.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [edit]},
        )
        server.offered(uri, 2**31 - 1, 1)
        assert server.completes(), "other documents are completed as ever"


@contextmanager
def full_disk(directory: Path) -> Iterator[dict[str, int]]:
    """A directory on a disk with next to no room; the limits of a process that shall see it as full."""
    directory.mkdir()
    if sys.platform == "linux" and os.geteuid() == 0:
        mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(directory)]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                yield {}
            finally:
                subprocess.run(["umount", str(directory)], check=True)
            return
    yield {"file_bytes": 16_384}


_NO_ROOM = "No space left|File too large|is there room"


def test_a_full_disk(root: Path, log_file: Path, own_home: Path) -> None:
    # Big enough that its index does not fit, and not one word of it twice.
    (root / "big.py").write_text("".join(f"name_{n} = {n * n}\n" for n in range(20_000)))
    before = picture(root)
    with full_disk(own_home / "cache") as limits, serving(root, log_file, limits) as server:
        status = server.index_becomes("failed")
        assert status["state"] == "problem"
        assert re.search(_NO_ROOM, status["problem"]["text"])
        assert "by itself" in status["problem"]["action"]
        server.logs(_NO_ROOM)
        uri = server.open(GOOD + TYPED)
        line, character = (GOOD + TYPED).count("\n"), len(TYPED.rpartition("\n")[2])
        assert TYPED_ON in server.offered(uri, line, character), "open documents are enough"
    assert picture(root) == before


def test_a_cache_that_is_read_only(root: Path, log_file: Path, own_home: Path) -> None:
    (own_home / "cache").mkdir(mode=0o500)
    before = picture(root)
    with serving(root, log_file, {"as_user": True}) as server:
        status = server.index_becomes("failed")
        assert str(own_home / "cache" / "pilotfish") in status["problem"]["text"]
        server.logs("Permission denied")
        assert server.offered(server.open(TYPED), 0, 3) is not None
    assert picture(root) == before
    assert list((own_home / "cache").iterdir()) == []


def test_two_servers_that_start_at_once(root: Path, log_file: Path, tmp_path: Path) -> None:
    for number in range(200):
        (root / f"module_{number}.py").write_text(GOOD.replace("configuration", f"thing_{number}") * 20)
    with serving(root, log_file) as first, serving(root, tmp_path / "second") as second:
        first.index_becomes("ready", files=201)
        second.index_becomes("ready", files=201)
        assert first.completes()
        assert second.completes()


def test_two_servers_share_one_index(root: Path, log_file: Path, tmp_path: Path) -> None:
    with ExitStack() as first_ends:
        first = first_ends.enter_context(serving(root, log_file))
        first.index_becomes("ready", files=1)
        with serving(root, tmp_path / "second") as second:
            second.index_becomes("ready")
            assert second.completes()
            assert first.completes()
            first_ends.close()
            (root / "new.py").write_text(GOOD)
            created = {"uri": (root / "new.py").as_uri(), "type": 1}
            second.client.notify("workspace/didChangeWatchedFiles", {"changes": [created]})
            second.index_becomes("ready", files=2)


@pytest.mark.parametrize("_", range(int(os.environ.get("PILOTFISH_SOAK", "2"))))
def test_an_indexer_that_is_killed_while_it_writes(root: Path, log_file: Path, _: int) -> None:
    for number in range(400):
        (root / f"module_{number}.py").write_text(GOOD.replace("configuration", f"thing_{number}") * 20)
    before = picture(root)
    with serving(root, log_file) as server:
        until(server.is_writing, lambda: server.log)
        for pid in server.children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.logs(f"indexer of {re.escape(str(root))} ended with code -9")
        server.index_becomes("ready", files=401)
        assert server.completes()
    assert picture(root) == before


def test_nobody_else_can_look_into_the_cache(root: Path, log_file: Path, own_home: Path) -> None:
    (own_home / "cache" / "pilotfish").mkdir(parents=True, mode=0o755)
    with serving(root, log_file) as server:
        server.index_becomes("ready", files=1)
        assert server.completes()
    cache = own_home / "cache" / "pilotfish"
    assert (cache / "traces.jsonl").exists()
    folders = [cache, *(path for path in cache.rglob("*") if path.is_dir())]
    assert {oct(path.stat().st_mode & 0o777) for path in folders} == {"0o700"}


def test_a_cache_that_is_deleted_under_us(root: Path, log_file: Path, own_home: Path) -> None:
    with serving(root, log_file) as server:
        server.index_becomes("ready", files=1)
        shutil.rmtree(own_home / "cache")
        (root / "new.py").write_text("x = 1\n")
        created = {"uri": (root / "new.py").as_uri(), "type": 1}
        server.client.notify("workspace/didChangeWatchedFiles", {"changes": [created]})
        server.index_becomes("ready", files=2)
        assert server.completes()


def test_a_workspace_that_is_not_there_or_goes_away(root: Path, log_file: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "nowhere", tmp_path / "first") as server:
        assert server.index_becomes("off")["state"] == "ready"
        assert server.offered(server.open(TYPED), 0, 3) is not None
        server.logs("nowhere")
    with serving(root, log_file) as server:
        server.index_becomes("ready", files=1)
        shutil.rmtree(root)
        server.client.notify(
            "workspace/didChangeWatchedFiles", {"changes": [{"uri": root.as_uri(), "type": 3}]}
        )
        assert server.completes(), "the last that was known of it"


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("manifest.json", lambda data: data.replace(b'"format": ', b'"format": 99'), "another version"),
        ("manifest.json", lambda data: data[: len(data) // 2], "damaged"),
        ("segments/*/*", lambda data: data[: len(data) // 2], "built anew"),
    ],
)
def test_an_index_that_is_not_ours_or_not_whole(
    root: Path, log_file: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes], says: str
) -> None:
    with serving(root, tmp_path / "before") as server:
        server.index_becomes("ready", files=1)
    for path in index_directory(root).glob(name):
        path.write_bytes(change(path.read_bytes()))
    with serving(root, log_file) as server:
        server.logs(says)
        server.index_becomes("ready", files=1)
        assert server.completes()


def test_a_server_of_another_version_that_still_runs(root: Path, log_file: Path, tmp_path: Path) -> None:
    with ExitStack() as older_ends:
        older = older_ends.enter_context(serving(root, tmp_path / "older"))
        older.index_becomes("ready", files=1)
        (indexer,) = older.children()
        os.kill(indexer, signal.SIGSTOP)  # Or it sees at once that somebody has changed its index.
        manifest = index_directory(root) / "manifest.json"
        manifest.write_bytes(manifest.read_bytes().replace(b'"format": ', b'"format": 99'))
        with serving(root, log_file) as server:
            assert "end that one" in server.index_becomes("failed")["problem"]["text"]
            server.logs("another version .* still runs")
            older_ends.close()
            assert server.index_becomes("ready", files=1)["problem"] is None
            assert server.completes()


PLANTED = """
backend = ["thief"]
[backends.thief]
kind = "echo"
url = "https://thief.example"
options = { chunks = ["import thief"] }
[log]
level = "debug"
"""


def test_a_planted_settings_file_redirects_nothing(root: Path, log_file: Path) -> None:
    (root / ".pilotfish.toml").write_text(PLANTED)
    with serving(root, log_file) as server:
        server.index_becomes("ready")
        assert server.status()["backend"] == "embedded"
        assert server.completes()
        uri = server.open("nothing_like_it\n")
        assert server.offered(uri, 0, 15) == []
        for path in (
            "backend",
            "backends.thief.kind",
            "backends.thief.url",
            "backends.thief.options",
            "log.level",
        ):
            server.logs(rf"WARNING .*: {re.escape(path)}: is not believed from a workspace's file")
            assert server.log.count(f": {path}: ") == 1
        assert " DEBUG " not in server.log


def test_bad_settings_are_named_and_the_rest_is_used(root: Path, log_file: Path, own_home: Path) -> None:
    users = own_home / "config" / "pilotfish" / "config.toml"
    users.parent.mkdir(parents=True)
    users.write_bytes(b"# caf\xe9\n[log]\nlevel = 'debug'\n")
    options = {"completion": {"max_lines": "many", "enabled": True}, "index": {"enabled": False}}
    with serving(root, log_file, options=options) as server:
        server.logs(r"config.toml: is not UTF-8 \(at line 1, byte 6\)")
        server.logs(r"completion.max_lines: must be a whole number from 1 to 1000, got 'many'")
        assert server.index_becomes("off")["state"] in ("ready", "problem")
