from __future__ import annotations

from pathlib import Path

from pilotfish.bench.memory import Memory, children, read_memory, read_memory_of_children

ROLLUP = """\
55d0c0000000-7ffd00000000 ---p 00000000 00:00 0                          [rollup]
Rss:              100000 kB
Pss:               60000 kB
Pss_Dirty:         40000 kB
Shared_Clean:      40000 kB
Shared_Dirty:       8800 kB
Private_Clean:     10240 kB
Private_Dirty:     40960 kB
"""


def test_private_and_shared_pages_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "42").mkdir()
    (tmp_path / "42" / "smaps_rollup").write_text(ROLLUP)
    assert read_memory(42, tmp_path) == Memory(50.0, 40.0, 100000 / 1024 - 50.0)


def test_where_the_system_does_not_say_it_is_not_measured(tmp_path: Path) -> None:
    assert read_memory(42, tmp_path) is None
    assert children(42, tmp_path) == []


def test_children_of_all_threads_and_their_children(tmp_path: Path) -> None:
    for pid, task, below in ((1, 1, "2 "), (1, 11, "3 4"), (2, 2, "5"), (3, 3, ""), (4, 4, ""), (5, 5, "")):
        folder = tmp_path / str(pid) / "task" / str(task)
        folder.mkdir(parents=True)
        (folder / "children").write_text(below)
    assert sorted(children(1, tmp_path)) == [2, 3, 4, 5]


def test_children_together(tmp_path: Path) -> None:
    for pid, below in ((1, "2 3"), (2, ""), (3, "")):
        (tmp_path / str(pid) / "task" / str(pid)).mkdir(parents=True)
        (tmp_path / str(pid) / "task" / str(pid) / "children").write_text(below)
        (tmp_path / str(pid) / "smaps_rollup").write_text(ROLLUP)
    one = Memory(50.0, 40.0, 100000 / 1024 - 50.0)
    assert read_memory_of_children(1, tmp_path) == Memory(100.0, 80.0, 2 * one.shared_mb)
    assert read_memory_of_children(2, tmp_path) is None
