"""The doctor's checks that need no model: settings, places on disk, the index of a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pilotfish.doctor.finding import Finding, Level
from pilotfish.errors import IndexFault, SettingsFault
from pilotfish.index.reader import IndexReader
from pilotfish.platform.paths import audit_file, cache_directory, index_directory, make_private
from pilotfish.settings.model import Settings

LITTLE_ROOM_BYTES = 100_000_000
"""The index of a large workspace takes more."""


def check_settings(
    file: Path | None, settings: Settings, faults: Sequence[SettingsFault]
) -> Iterator[Finding]:
    """Each value that was not used, and what follows from those that were."""
    for fault in faults:
        yield Finding(
            "settings", Level.WARNING, str(fault), "Correct it; docs/configuration.md has every key."
        )
    if not faults:
        there = (
            "your own file is" if file is not None and file.exists() else "there is no file of your own at"
        )
        yield Finding("settings", Level.GOOD, f"nothing wrong in them; {there} {file}")
    if not settings.completion.enabled:
        yield Finding("completion", Level.NOTE, "completion.enabled is false: nothing is offered")
    if settings.privacy.local_only:
        yield Finding("privacy", Level.NOTE, "local_only holds: no other machine is spoken to")
    if settings.privacy.audit:
        yield Finding("privacy", Level.NOTE, f"what is sent to other machines is recorded in {audit_file()}")


def check_places() -> Iterator[Finding]:
    """Whether pilotfish can keep what it makes."""
    directory = cache_directory()
    try:
        make_private(directory)
        free_bytes = shutil.disk_usage(directory).free
    except (IndexFault, OSError) as fault:
        action = "Give yourself access to it: without it no workspace is indexed, only open files are known."
        yield Finding("cache", Level.PROBLEM, str(fault), action)
        return
    if free_bytes < LITTLE_ROOM_BYTES:
        text = f"the disk of {directory} has {free_bytes / 1e6:.0f} MB left"
        action = "Make room: an index that cannot be written is not kept up to date."
        yield Finding("cache", Level.WARNING, text, action)
    else:
        yield Finding("cache", Level.GOOD, f"{directory} is there, and only you can enter it")


def check_index(root: Path, settings: Settings) -> list[Finding]:
    """What the embedded engine knows of this folder. Reads the index."""
    if not settings.index.enabled:
        return [Finding("index", Level.NOTE, "index.enabled is false: only open files are known")]
    with closing(IndexReader(root, index_directory(root))) as reader:
        view = reader.view()
        if reader.fault:
            return [Finding("index", Level.WARNING, reader.fault, "Run: pilotfish index --rebuild")]
        if view.generation == 0:
            text = f"there is none of {root} yet; the server builds it when an editor opens the folder"
            return [Finding("index", Level.NOTE, text, "To build it now, run: pilotfish index")]
        return [Finding("index", Level.GOOD, f"{view.files:,} files, {view.tokens:,} tokens of {root}")]
