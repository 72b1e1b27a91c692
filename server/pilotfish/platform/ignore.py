"""Which files of a workspace are left out: ignore files, the user's globs, and folders that are never source.

Three kinds of rules, each with its own weight:

* git's (`.gitignore`, `.git/info/exclude`, the user's own file) hold without `.git` too; a file that git
  tracks all the same is not ignored;
* ours (`.ignore`, `.pilotfishignore`, the setting's globs, all in gitignore syntax) hold for tracked files
  too and can only leave out more: a repository cannot use them to bring an ignored file in;
* built-in folders (`node_modules`, caches, virtual environments) are left out whatever else is said.

Asked a folder at a time, from the root down, so that nothing below a folder that is left out is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pilotfish.platform.ignore_patterns import NO_PATTERNS, PatternFiles, Patterns
from pilotfish.platform.user_ignore import user_ignore_file

GIT_FILE = ".gitignore"
OWN_FILES = (".ignore", ".pilotfishignore")
IGNORE_FILES = frozenset({GIT_FILE, *OWN_FILES})

_FOLDERS = frozenset({
    ".git", ".hg", ".svn", ".jj", ".bzr", "CVS", "_darcs",
    "node_modules", "bower_components", "jspm_packages", "site-packages", "dist-packages", "__pypackages__",
    "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox", ".eggs",
    ".ipynb_checkpoints", ".cache", ".parcel-cache", ".next", ".nuxt", ".svelte-kit", ".turbo", ".yarn",
    ".pnpm-store", ".gradle", ".terraform", ".idea", ".vs", ".dart_tool", "DerivedData", "$RECYCLE.BIN",
})  # fmt: skip
# A folder that holds one of these is a virtual environment, or says itself that it is a cache.
_MARKERS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})


@dataclass(frozen=True, slots=True)
class _Layer:
    """Patterns, and where they stand: a path from the root loses `start` characters, or gains `above`."""

    patterns: Patterns
    start: int = 0
    above: str = ""

    def verdict(self, folder: str, name: str) -> bool | None:
        return self.patterns.verdict(self.above + folder[self.start :], name)

    def concerned(self, folder: str, names: Sequence[str]) -> set[str]:
        return self.patterns.concerned(self.above + folder[self.start :], names)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on the way down, with every rule that holds for its entries.

    Attributes:
        relative: from the root: empty, or ending in `/`.
    """

    rules: IgnoreRules
    relative: str
    git: tuple[_Layer, ...]
    own: tuple[_Layer, ...]
    is_ignored: bool = False

    def ignores_file(self, name: str) -> bool:
        """Whether the file of this name, directly in this folder, is left out."""
        if self.rules.says_own(self, name):
            return True
        ignored_by_git = self.is_ignored or _last_word(self.git, self.relative, name)
        return ignored_by_git and self.relative + name not in self.rules.tracked

    def files_in(self, names: Sequence[str]) -> Sequence[str]:
        """Of the files of these names, directly in this folder, those that are not left out."""
        concerned = self.rules.globs.concerned(self.relative, names)
        concerned.update(*(layer.concerned(self.relative, names) for layer in (*self.own, *self.git)))
        if not concerned and not self.is_ignored:
            return names
        asked = names if self.is_ignored else concerned
        left_out = {name for name in asked if self.ignores_file(name)}
        return [name for name in names if name not in left_out]

    @property
    def path(self) -> str:
        """On disk, ending in `/`. Joined as text: making an object of it took as long as asking for it."""
        return f"{self.rules.root}/{self.relative}"

    def enter(self, name: str) -> Folder | None:
        """The folder of this name in this one; None where it is left out with everything in it."""
        below = self.below(name)
        return below and below.opened()

    def below(self, name: str) -> Folder | None:
        """The same, without having looked into it: to be `opened` before it is asked anything."""
        inside = f"{self.relative}{name}/"
        if name in _FOLDERS or self.rules.says_own(self, name + "/"):
            return None
        is_ignored = self.is_ignored or _last_word(self.git, self.relative, name + "/")
        if is_ignored and inside not in self.rules.tracked_folders:
            return None
        return Folder(self.rules, inside, self.git, self.own, is_ignored)

    def opened(self, names: Collection[str] | None = None) -> Folder | None:
        """The folder with what its own ignore files say; None if one of its files says that it is no source.

        Args:
            names: what lies in it, where that is known; otherwise the file system is asked.
        """
        if names is None:
            names = [name for name in (*_MARKERS, *IGNORE_FILES) if os.path.exists(self.path + name)]  # noqa: PTH110
        return self.with_files(names) if _MARKERS.isdisjoint(names) else None

    def with_files(self, names: Collection[str] = IGNORE_FILES) -> Folder:
        """The same with the ignore files among these names, as far as they are there."""
        if IGNORE_FILES.isdisjoint(names):
            return self
        start, path, read = len(self.relative), self.path, self.rules.files.read
        git = read(path + GIT_FILE) if GIT_FILE in names else NO_PATTERNS
        own = [read(path + name) for name in reversed(OWN_FILES) if name in names]
        return replace(
            self,
            git=((_Layer(git, start),) if git else ()) + self.git,
            own=tuple(_Layer(patterns, start) for patterns in own if patterns) + self.own,
        )


class IgnoreRules:
    """The rules of one workspace root.

    Ignore files are read as the folders are entered, and once; make new rules for each walk.

    Args:
        root: the workspace folder.
        globs: the setting's patterns, in gitignore syntax, relative to the root.
        tracked: paths relative to the root that git tracks although its rules ignore them
            (`platform/tracked.py`).
        files: where ignore files are read; give the same again to parse only what has changed.
    """

    def __init__(
        self,
        root: Path,
        globs: Sequence[str] = (),
        tracked: frozenset[str] = frozenset(),
        files: PatternFiles | None = None,
    ) -> None:
        self.root = root
        self.files = files or PatternFiles()
        self.tracked = tracked
        self.tracked_folders = frozenset(
            path[: end + 1] for path in tracked for end, letter in enumerate(path) if letter == "/"
        )
        self.globs = Patterns(globs)
        self._folders: dict[str, Folder | None] = {}

    def top(self) -> Folder:
        """The root, with what holds from above it: its repository's rules and the user's own.

        A root that its repository ignores was opened on purpose: then the repository's rules say nothing. Nor
        does a `.gitignore` that leaves nothing of a root without a repository, as in Debian's kernel sources:
        it was written for one that tracks what it ignores.
        """
        repository = repository_of(self.root)
        if repository is not None and repository != self.root:
            folder: Folder | None = IgnoreRules(repository, files=self.files).top()
            for part in self.root.relative_to(repository).parts:
                folder = folder.enter(part) if folder is not None and not folder.is_ignored else None
            if folder is not None:
                return Folder(self, "", _from_above(folder.git, folder), _from_above(folder.own, folder))
            repository = None
        places = [repository / ".git" / "info" / "exclude"] if repository is not None else []
        layers = (_Layer(self.files.read(str(place))) for place in (*places, *user_ignore_file()))
        bare = Folder(self, "", tuple(layer for layer in layers if layer.patterns), ())
        top = bare.with_files()
        return replace(top, git=bare.git) if repository is None and _leaves_nothing(top) else top

    def says_own(self, folder: Folder, name: str) -> bool:
        """Whether a rule of ours leaves the entry out; no file can take back what the setting's globs say."""
        if self.globs.verdict(folder.relative, name):
            return True
        return bool(folder.own) and _last_word(folder.own, folder.relative, name)

    def ignores(self, relative: str) -> bool:
        """Whether one file (relative to the root, with `/`) is left out. Reads the folders on the way."""
        folder_path, _, name = relative.rpartition("/")
        folder = self.folder(folder_path)
        return folder is None or folder.ignores_file(name)

    def folder(self, relative: str) -> Folder | None:
        """A folder, relative to the root and without a final `/`; None if it is left out."""
        if "" not in self._folders:
            self._folders[""] = self.top()
        path, folder = "", self._folders[""]
        for part in relative.split("/") if relative else ():
            path = f"{path}/{part}" if path else part
            if path not in self._folders:
                self._folders[path] = folder.enter(part) if folder is not None else None
            folder = self._folders[path]
        return folder


def lies_in_built_in(relative: str) -> bool:
    """Whether a path (relative, with `/`) lies in a folder that is never source; asks no file system."""
    return not _FOLDERS.isdisjoint(relative.split("/"))


def repository_of(root: Path) -> Path | None:
    """The folder at or above `root` that holds `.git`; None if there is none."""
    return next((folder for folder in (root, *root.parents) if _exists(folder / ".git")), None)


def _exists(path: Path) -> bool:
    """Whether it is there for us: what may not be looked at is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _leaves_nothing(top: Folder) -> bool:
    """Whether git's rules ignore all of a root that is not hidden, and not just a few names of files."""
    is_empty = True
    with suppress(OSError), os.scandir(top.rules.root) as listing:
        for entry in listing:
            is_empty = is_empty and entry.name.startswith(".")
            name = entry.name + "/" * entry.is_dir(follow_symlinks=False)
            if not entry.name.startswith(".") and not _last_word(top.git, "", name):
                return False
    return not is_empty and _last_word(top.git, "", "a name that no rule was written for")


def _last_word(layers: tuple[_Layer, ...], folder: str, name: str) -> bool:
    for layer in layers:
        verdict = layer.verdict(folder, name)
        if verdict is not None:
            return verdict
    return False


def _from_above(layers: tuple[_Layer, ...], folder: Folder) -> tuple[_Layer, ...]:
    """The layers of a folder, told to someone for whom that folder is the root."""
    return tuple(_Layer(layer.patterns, above=folder.relative[layer.start :]) for layer in layers)
