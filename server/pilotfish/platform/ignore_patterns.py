"""The patterns of ignore files: read, kept, and asked of many names at once."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from pilotfish.platform.globs import Glob

_MAX_IGNORE_FILE_BYTES = 200_000

_ANYWHERE = "^(?:.+/)?"
_ENDING = re.compile(r"\[\^/\]\*\\\.((?:\\.|\w)+)\(\?:\(\?:/\)\|\$\)")


class Patterns:
    """The patterns of one ignore file.

    pathspec tries each pattern in turn, which takes 200 µs a path where a file has a thousand of them. Nearly
    all paths match none, so one joined expression says that first, and the patterns that hold for a bare name
    are tried on the name alone: half a microsecond a path for a usual file, 14 for that thousand. They are
    compiled one by one only when that expression has found something.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = [line for line in lines if line.strip() and not line.startswith("#")]
        by_name: list[str] = []
        by_path: list[str] = []
        for line in self._lines:
            if (source := _source(line)) is not None:
                (by_path if "/" in line.strip().rstrip("/") else by_name).append(source)
        self._by_name = re.compile("|".join(_endings_joined(by_name))) if by_name else None
        self._by_path = re.compile("|".join(by_path)) if by_path else None

    def __bool__(self) -> bool:
        return self._by_name is not None or self._by_path is not None

    def verdict(self, folder: str, name: str) -> bool | None:
        """True: ignored, False: expressly not, None: nothing said.

        Args:
            folder: from where the patterns stand to the entry: empty, or ending in `/`; not ignored itself.
            name: the entry's name, ending in `/` if it is a folder.
        """
        is_concerned = (self._by_name is not None and self._by_name.match(name)) or (
            self._by_path is not None and self._by_path.match(folder + name)
        )
        return self._spec.check_file(folder + name).include if is_concerned else None

    def concerned(self, folder: str, names: Sequence[str]) -> set[str]:
        """Those of a folder's files of which `verdict` may say something: mostly none."""
        found = set(filter(self._by_name.match, names)) if self._by_name is not None else set()
        if self._by_path is not None:
            found.update(name for name in names if self._by_path.match(folder + name))
        return found

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        """What has the last word where more than one line may; nearly no file of a tree is asked about."""
        globs = [Glob(line) for line in self._lines if _source(line) is not None]
        return GitIgnoreSpec(globs, backend="simple")  # others know no first fit


class PatternFiles:
    """Ignore files as they are on disk: looked at every time, read again only if changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int], Patterns]] = {}

    def read(self, path: str) -> Patterns:
        """The patterns of a file; none where there is no such file or it cannot be used."""
        try:
            status = os.stat(path)  # noqa: PTH116
            if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_IGNORE_FILE_BYTES:
                return NO_PATTERNS
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                patterns = Patterns(Path(path).read_bytes().decode("utf-8-sig", "replace").splitlines())
                known = self._known[path] = (stamp, patterns)
        except OSError:
            return NO_PATTERNS
        return known[1]


def _endings_joined(sources: Iterable[str]) -> list[str]:
    """Expressions for bare names, those of the kind `*.o` as one: it looks at what follows a dot alone."""
    endings, others = [], []
    for source in (source.removeprefix(_ANYWHERE) for source in sources):
        if ending := _ENDING.fullmatch(source):
            endings.append(ending[1])
        else:
            others.append(source)
    return [rf"[^/]*\.(?:{'|'.join(endings)})(?:/|$)", *others] if endings else others


@lru_cache(maxsize=2_000)
def _source(line: str) -> str | None:
    """A line as an expression; None if it says nothing, or is malformed: git passes over such a one."""
    try:
        source, include = Glob.pattern_to_regex(line)
        if source is None or include is None:
            return None
        if "[" in line:
            re.compile(source)  # `[z-a]` is no expression.
    except (ValueError, re.error):
        return None
    return re.sub(r"\(\?P<\w+>", "(?:", source)


NO_PATTERNS = Patterns(())
