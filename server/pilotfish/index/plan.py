"""What a scan has to read, in which order, and what stays out when the workspace is larger than the budget.

The catalog has room for a tree as large as a kernel. The segments take `index.max_tokens`, in this order
until it is used up:

1. files in the folders of open files, and below them;
2. files that are in the segments already, so that they do not churn;
3. files changed lately, by the week; then shallow ones before deep ones; then by path.

The catalog chooses in the same order where even its own bound is passed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pilotfish.platform.files import FoundFile

BYTES_PER_TOKEN = 4
"""Source bytes a token, to estimate before lexing: 4.2 in the standard library."""

Seal: TypeAlias = tuple[int, int]
"""Size and time of change in ns: a file that still has both is taken to be what it was."""

MAX_CATALOG_BYTES = 4_000_000_000
"""Source bytes of the catalog: three kernels."""

_WEEK_NS = 7 * 24 * 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a workspace: size and time of files, by path.

    Attributes:
        segments: files whose tokens are in a segment.
        catalog: files that are in the catalog.
        left_out: files that are not source.
    """

    segments: Mapping[str, Seal]
    catalog: Mapping[str, Seal]
    left_out: Mapping[str, Seal]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the files that a walk found.

    Attributes:
        read: to be read, what the segments take before what they have no room for, near ones first.
        unchanged: how many need not be.
        gone: paths that the segments, or the list of what was left out, should forget.
        gone_from_catalog: paths that the catalog should forget.
        beyond_budget: files that the segments have no room for.
        beyond_catalog: how many files the catalog has no room for either.
    """

    read: tuple[FoundFile, ...]
    unchanged: int
    gone: tuple[str, ...]
    gone_from_catalog: tuple[str, ...]
    beyond_budget: frozenset[str]
    beyond_catalog: int


def make_plan(
    found: Collection[FoundFile], seen: Seen, near: Collection[str], max_tokens: int, max_file_bytes: int
) -> Plan:
    """Compare what is there with what was seen.

    Args:
        found: by a walk.
        seen: by then.
        near: folders of open files, relative to the root, without a final `/`; the root itself says nothing.
        max_tokens: the budget of the segments.
        max_file_bytes: larger files take nothing from the budget: they are not read.
    """
    near = frozenset(near) - {""}
    catalogued = _within(found, seen, near, MAX_CATALOG_BYTES, max_file_bytes)
    kept = _within(catalogued, seen, near, max_tokens * BYTES_PER_TOKEN, max_file_bytes)
    beyond = frozenset({file.path for file in catalogued} - {file.path for file in kept})

    def is_known(file: FoundFile) -> bool:
        seal = (file.size, file.mtime_ns)
        return seen.left_out.get(file.path) == seal or (
            seen.catalog.get(file.path) == seal
            and (file.path in beyond or seen.segments.get(file.path) == seal)
        )

    read = [file for file in catalogued if not is_known(file)]
    if near or beyond:
        # Segments are made first, and full ones: a question costs a little for each, however small it is.
        read.sort(key=lambda file: (file.path in beyond, not _is_near(file.path, near)))
    there = {file.path for file in catalogued}
    gone = (seen.segments.keys() - (there - beyond)) | (seen.left_out.keys() - there)
    left_out = {
        file.path for file in catalogued if seen.left_out.get(file.path) == (file.size, file.mtime_ns)
    }
    return Plan(
        tuple(read),
        len(catalogued) - len(read),
        tuple(sorted(gone)),
        tuple(sorted(seen.catalog.keys() - (there - left_out))),
        beyond,
        len(found) - len(catalogued),
    )


def _within(
    found: Collection[FoundFile], seen: Seen, near: frozenset[str], budget_bytes: int, max_file_bytes: int
) -> Collection[FoundFile]:
    """The first files, in the order of the module's text, that fit; returned in the order of the walk."""
    if sum(file.size for file in found if file.size <= max_file_bytes) <= budget_bytes:
        return found

    def rank(file: FoundFile) -> tuple[bool, bool, int, int, str]:
        near_or_known = _is_near(file.path, near), file.path in seen.segments
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
