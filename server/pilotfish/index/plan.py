"""What a scan has to read, in which order, and what stays out when the workspace is larger than the budget.

The catalog has room for a tree as large as a kernel. The segments take `index.max_tokens`, in this order
until it is used up:

1. files in the folders of open files, and below them;
2. files that are in the segments already, so that they do not churn;
3. files changed lately, by the week; then shallow ones before deep ones; then by path.

The catalog chooses in the same order where even its own bound is passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop
from operator import itemgetter
from typing import TypeAlias

from pilotfish.platform.files import FoundFile

BYTES_PER_TOKEN = 4
"""Source bytes a token, to estimate before lexing: 4.2 in the standard library."""

Seal: TypeAlias = tuple[int, int]
"""Size and time of change in ns: a file that still has both is taken to be what it was."""

MAX_CATALOG_BYTES = 4_000_000_000
"""Source bytes of the catalog: three kernels."""

_PATH, _SIZE, _SEAL = itemgetter(0), itemgetter(1), itemgetter(1, 2)
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
    # Whole trees go through here at each start, and mostly nothing has changed: hence few loops, and none of
    # Python's own where there is another way.
    chosen = _within(found, seen, near, MAX_CATALOG_BYTES, max_file_bytes)
    now = dict(zip(map(_PATH, chosen), map(_SEAL, chosen), strict=True))
    kept = {*map(_PATH, _within(chosen, seen, near, max_tokens * BYTES_PER_TOKEN, max_file_bytes))}
    left_out = {path for path, seal in seen.left_out.items() if now.get(path) == seal}
    differ = {path for path, seal in seen.segments.items() if now.get(path) != seal}
    differ = (kept & differ) | (kept - seen.segments.keys())
    if now != seen.catalog:
        differ.update(path for path, seal in now.items() if seen.catalog.get(path) != seal)
    differ -= left_out
    read = [file for file in chosen if file.path in differ] if differ else []
    beyond = frozenset(now.keys() - kept)
    if near or beyond:
        # Segments are made first, and full ones: a question costs a little for each, however small it is.
        read.sort(key=lambda file: (file.path in beyond, not _is_near(file.path, near)))
    return Plan(
        tuple(read),
        len(chosen) - len(read),
        tuple(sorted((seen.segments.keys() - kept) | (seen.left_out.keys() - now.keys()))),
        tuple(sorted((seen.catalog.keys() - now.keys()) | (seen.catalog.keys() & left_out))),
        beyond,
        len(found) - len(chosen),
    )


def _within(
    found: Collection[FoundFile], seen: Seen, near: frozenset[str], budget_bytes: int, max_file_bytes: int
) -> Collection[FoundFile]:
    """The first files, in the order of the module's text, that fit; returned in the order of the walk."""
    if _bytes_of(found, max_file_bytes) <= budget_bytes:
        return found
    chosen: set[str] = set()
    for files in _by_importance(found, seen, near):
        if (taken := _bytes_of(files, max_file_bytes)) > budget_bytes:
            chosen.update(_first(files, budget_bytes, max_file_bytes))
            break
        chosen.update(map(_PATH, files))
        budget_bytes -= taken
    return [file for file in found if file[0] in chosen]


def _by_importance(
    found: Collection[FoundFile], seen: Seen, near: frozenset[str]
) -> Iterator[Collection[FoundFile]]:
    """The near files, the known ones, and the others."""
    if near:
        first = {file.path for file in found if _is_near(file.path, near)}
        yield [file for file in found if file[0] in first]
        found = [file for file in found if file[0] not in first]
    yield [file for file in found if file[0] in seen.segments]
    yield [file for file in found if file[0] not in seen.segments]


def _first(files: Iterable[FoundFile], budget_bytes: int, max_file_bytes: int) -> Iterator[str]:
    """The paths of those that fit, the latest and shallowest first; mostly few of many, so a heap will do."""
    waiting = [(-(mtime_ns // _WEEK_NS), path.count("/"), path, size) for path, size, mtime_ns in files]
    heapify(waiting)
    while waiting:
        *_, path, size = heappop(waiting)
        if size <= max_file_bytes:
            budget_bytes -= size
            if budget_bytes < 0:
                return
        yield path


def _bytes_of(files: Collection[FoundFile], max_file_bytes: int) -> int:
    return sum(size for size in map(_SIZE, files) if size <= max_file_bytes)


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
