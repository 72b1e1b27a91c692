"""The audit record: what it holds, who can read it, how large it grows, and that nothing goes unrecorded."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from pilotfish.errors import BackendError
from pilotfish.platform.audit import Audit
from pilotfish.platform.paths import audit_file


def entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_each_line_says_what_went_where_and_when(tmp_path: Path) -> None:
    path = tmp_path / "state" / "audit.jsonl"
    audit = Audit(path)
    audit.record("deepseek", "api.deepseek.com", "é\n\u2028\ud83d", 2)
    audit.record("other", "host:1", "", 0)
    first, second = entries(path)
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "host": "api.deepseek.com",
        "backend": "deepseek",
        "bytes": 7,
        "redactions": 2,
        "text": "é\n\u2028?",
    }
    assert second["host"] == "host:1"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "audit.jsonl"
    Audit(path).record("a", "h", "text", 0)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_it_does_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    audit = Audit(path, max_file_bytes=2_000)
    for number in range(50):
        audit.record("a", "h", f"{number:03}" + "x" * 300, 0)
        assert path.stat().st_size <= 2_000
    kept = entries(path.with_name("audit.jsonl.1")) + entries(path)
    numbers = [int(entry["text"][:3]) for entry in kept]
    assert numbers == list(range(50 - len(numbers), 50)), "the newest lines are kept, in order"
    assert len(list(tmp_path.glob("*.jsonl*"))) <= 3, "both files and the lock"


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"

    def write(name: str) -> None:
        audit = Audit(path)
        for number in range(20):
            audit.record(name, "h", str(number), 0)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [(entry["backend"], int(entry["text"])) for entry in entries(path)]
    assert sorted(found) == [(name, number) for name in "abc" for number in range(20)]


def test_what_cannot_be_written_down_is_an_error_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(BackendError, match=r"Nothing is sent to h.*`privacy.audit` off"):
        Audit(tmp_path / "state" / "audit.jsonl").record("a", "h", "text", 0)


def test_it_lies_in_the_users_own_state(own_home: Path) -> None:
    assert own_home in audit_file().parents
