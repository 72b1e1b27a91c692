"""Which open files are private: they are no context for another file, and leave for no remote backend.

Secrets are known by their name. What is git-ignored is known only after ignore files were read and git was
asked, which happens in a thread; until then a file is taken for private.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.platform.secrets import is_secret_path
from pilotfish.session.background import Background
from pilotfish.text.document import Document

if TYPE_CHECKING:
    from pilotfish.platform.ignore_patterns import PatternFiles

log = logging.getLogger(__name__)

RULES = frozenset({".gitignore", ".ignore", ".pilotfishignore"})
"""Files that say which others are private."""

_IDLE_S = 0.02
"""Who opens a document may ask about it in one breath: a thread beside the answer slows that down by half."""


class Privacy:
    """Looks at files as they are opened, and remembers.

    Attributes:
        looks: how often something was found out: before, an answer may have left out what need not be.
    """

    def __init__(self) -> None:
        self.looks = 0
        self._is_ignored: dict[Path, bool] = {}
        self._looking = Background()
        self._pattern_files: PatternFiles | None = None

    def is_private(self, path: Path) -> bool:
        """Whether the file may serve nothing but itself, on this machine; secrets are never looked at."""
        return self._is_ignored.get(path, True)

    def without_private(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """The documents that may be context for others."""
        return tuple(each for each in documents if each.path is None or not self.is_private(each.path))

    def look_at(self, files: Iterable[Path], roots: Sequence[Path]) -> None:
        """Find out about files in the background, again if they were looked at before."""
        paths = [path for path in files if not is_secret_path(path)]
        if paths:
            self._looking.run(self._look(paths, tuple(roots)))

    def forget(self, path: Path) -> None:
        """The file was closed."""
        self._is_ignored.pop(path, None)

    async def settled(self) -> None:
        """Wait until everything that was opened so far has been found out about."""
        await self._looking.finish()

    async def aclose(self) -> None:
        """Give up what has not been found out."""
        await self._looking.aclose()

    async def _look(self, paths: Sequence[Path], roots: Sequence[Path]) -> None:
        await asyncio.sleep(_IDLE_S)
        for path in paths:
            try:
                self._is_ignored[path] = await asyncio.to_thread(self._ignored, path, roots)
                self.looks += 1
            except (OSError, ValueError) as error:
                log.warning("%s is taken for private, since its ignore files cannot be read: %s", path, error)

    def _ignored(self, path: Path, roots: Sequence[Path]) -> bool:
        from pilotfish.platform.ignore_patterns import PatternFiles  # noqa: PLC0415 - see `is_ignored`

        # A thousand patterns take 50 ms to compile, and the thread that does it holds up the answers.
        self._pattern_files = self._pattern_files or PatternFiles()
        return is_ignored(path, roots, self._pattern_files)


def is_ignored(path: Path, roots: Sequence[Path], files: PatternFiles | None = None) -> bool:
    """Whether git's or our ignore files leave out a file: those of its workspace folder, else repository."""
    # Both take long to import or to run, and nobody waits for this.
    from pilotfish.platform.ignore import IgnoreRules, repository_of  # noqa: PLC0415
    from pilotfish.platform.tracked import tracked_though_ignored  # noqa: PLC0415

    root = next((root for root in roots if path.is_relative_to(root)), None)
    root = root or repository_of(path.parent) or path.parent
    relative = path.relative_to(root).as_posix()
    if not IgnoreRules(root, files=files).ignores(relative):
        return False
    return IgnoreRules(root, tracked=tracked_though_ignored(root), files=files).ignores(relative)
