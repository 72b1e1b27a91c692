"""What a scan has to read, in which order, and what stays out when the workspace is larger than the budget.

The choice for a tree beyond `index.max_tokens` (as large as a kernel), in this order until it is used up:

1. files in the folders of open files, and below them;
2. files that are in the index already, so that it does not churn;
3. files changed lately, by the week; then shallow ones before deep ones; then by path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pilotfish.platform.files import FoundFile

BYTES_PER_TOKEN = 4
"""Source bytes a token, to estimate before lexing: 4.2 in the standard library."""

_WEEK_NS = 7 * 24 * 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the files that a walk found.

    Attributes:
        read: to be read, near ones first.
        unchanged: how many need not be.
        gone: paths in the index that were not found, or are beyond the budget.
        beyond_budget: how many files stay out for lack of room.
    """

    read: tuple[FoundFile, ...]
    unchanged: int
    gone: tuple[str, ...]
    beyond_budget: int


def make_plan(
    found: Collection[FoundFile],
    seen: Mapping[str, tuple[int, int]],
    near: Collection[str],
    max_tokens: int,
    max_file_bytes: int,
) -> Plan:
    """Compare what is there with what was seen.

    Args:
        found: by a walk.
        seen: size and time of every file that was read before, by path.
        near: folders of open files, relative to the root, without a final `/`; the root itself says nothing.
        max_tokens: the budget.
        max_file_bytes: larger files take nothing from the budget: they are not read.
    """
    near = frozenset(near) - {""}
    kept = found
    size = sum(file.size for file in found if file.size <= max_file_bytes)
    if size > max_tokens * BYTES_PER_TOKEN:
        kept = _within(found, seen, near, max_tokens * BYTES_PER_TOKEN, max_file_bytes)
    read = [file for file in kept if seen.get(file.path) != (file.size, file.mtime_ns)]
    if near:
        read.sort(key=lambda file: not _is_near(file.path, near))
    gone = seen.keys() - {file.path for file in kept}
    return Plan(tuple(read), len(kept) - len(read), tuple(sorted(gone)), len(found) - len(kept))


def _within(
    found: Iterable[FoundFile],
    seen: Collection[str],
    near: frozenset[str],
    budget_bytes: int,
    max_file_bytes: int,
) -> list[FoundFile]:
    """The first files, in the order of the module's text, that fit; returned in the order of the walk."""

    def rank(file: FoundFile) -> tuple[bool, bool, int, int, str]:
        near_or_known = _is_near(file.path, near), file.path in seen
        return (
            not near_or_known[0],
            not near_or_known[1],
            -(file.mtime_ns // _WEEK_NS),
            file.path.count("/"),
            file.path,
        )

    chosen = set()
    for file in sorted(found, key=rank):
        if file.size <= max_file_bytes:
            budget_bytes -= file.size
            if budget_bytes < 0:
                break
        chosen.add(file.path)
    return [file for file in found if file.path in chosen]


def _is_near(path: str, near: frozenset[str]) -> bool:
    """Whether a file lies in or below one of the folders."""
    if not near:
        return False
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in near:
            return True
    return False
