"""How much memory a process and its children hold, private and shared pages apart.

Only Linux says this precisely and to everyone (`/proc/<pid>/smaps_rollup`); elsewhere it is not measured.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

PROC = Path("/proc")
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes (2**20 bytes) of resident memory.

    Attributes:
        private_mb: pages that this process alone has, mapped files included: what goes when it ends.
        dirty_mb: the part of these that no file stands behind, so that the system cannot drop them.
        shared_mb: pages that other processes have as well.
    """

    private_mb: float
    dirty_mb: float
    shared_mb: float


def read_memory(pid: int, proc: Path = PROC) -> Memory | None:
    """The memory of one process; None where the system does not say, or the process is gone."""
    try:
        text = (proc / str(pid) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    kb = {}
    for line in text.splitlines()[1:]:
        name, _, value = line.partition(":")
        kb[name] = int(value.split()[0])
    dirty = kb["Private_Dirty"] / 1024
    private = dirty + kb["Private_Clean"] / 1024
    return Memory(private, dirty, kb["Rss"] / 1024 - private)


def read_memory_of_children(pid: int, proc: Path = PROC) -> Memory | None:
    """The memory of all descendants together; None where the system does not say, or there are none."""
    each = [memory for child in children(pid, proc) if (memory := read_memory(child, proc))]
    return Memory(*(sum(parts) for parts in zip(*map(astuple, each), strict=True))) if each else None


def children(pid: int, proc: Path = PROC) -> list[int]:
    """The process ids of all descendants; empty where the system does not say."""
    found: list[int] = []
    try:
        for task in (proc / str(pid) / "task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += [int(child), *children(int(child), proc)]
    except OSError:
        pass  # the process ended while we looked
    return found
