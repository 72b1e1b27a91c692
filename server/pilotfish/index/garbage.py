"""Deleting what no manifest names any more, late enough that no reader is just about to open it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from pilotfish.index import manifest as layout
from pilotfish.index.manifest import Manifest

GRACE_GENERATIONS = 2
"""How many commits a file stays that is no longer named."""


class Garbage:
    """What waits to be deleted in one index directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting: list[tuple[int, Path]] = []

    def drop(self, before: Manifest, after: Manifest) -> None:
        """`after` has replaced `before`: what only that one named goes, some generations later."""
        dropped = self._named(before) - self._named(after)
        self._waiting += ((after.generation, path) for path in sorted(dropped))
        self._collect(after.generation)

    def sweep(self, manifest: Manifest) -> None:
        """Delete at once what the manifest does not name: it is left over from a writer that has ended."""
        named, dropped = self._named(manifest), manifest.generation - GRACE_GENERATIONS
        for folder in layout.FOLDERS:
            with suppress(OSError):
                found = sorted((self._directory / folder).iterdir())
                self._waiting += ((dropped, path) for path in found if path not in named)
        self._collect(manifest.generation)

    def _collect(self, generation: int) -> None:
        """Delete what is old enough; what cannot be deleted (Windows: mapped by a reader) is tried again."""
        self._waiting = [
            (dropped, path)
            for dropped, path in self._waiting
            if generation - dropped < GRACE_GENERATIONS or not delete(path)
        ]

    def _named(self, manifest: Manifest) -> set[Path]:
        segments, stamps = self._directory / layout.SEGMENTS, self._directory / layout.STAMPS
        named = {segments / entry.name for entry in manifest.segments}
        named |= {stamps / entry.stamps for entry in manifest.segments}
        if manifest.left_out:
            named.add(self._directory / layout.LEFT_OUT / manifest.left_out)
        if manifest.catalog:
            named.add(self._directory / layout.CATALOGS / manifest.catalog)
        return named


def delete(path: Path) -> bool:
    """Delete a file or a folder; whether it is gone now."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
