"""Building an index with a progress bar on stderr, for the commands that need one."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pilotfish.cli.output import warn
from pilotfish.errors import IndexFault
from pilotfish.index.build import BuildReport, build
from pilotfish.platform.paths import config_file, index_directory
from pilotfish.settings.load import load
from pilotfish.settings.model import Settings


def load_settings(root: Path, said: dict[str, object] | None = None) -> Settings:
    """The settings for a workspace, with what was `said` on the command line; each fault is printed once."""
    settings, faults = load(config_file(), [root], said or {})
    for fault in faults:
        warn(fault)
    return settings


def build_index(root: Path, settings: Settings, *, rebuild: bool = False) -> BuildReport:
    """Bring the index of a folder up to date, as `index.build.build` does."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeElapsedColumn(),
    )
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        task = progress.add_task(f"indexing {root.name}", total=None)
        return build(
            root,
            index_directory(root),
            settings.index,
            lambda done: progress.update(task, completed=done.files, total=done.total),
            rebuild=rebuild,
        )


def refresh_index(root: Path, settings: Settings) -> None:
    """Bring the index of a folder up to date; where that cannot be, say so and leave it as it is."""
    if settings.index.enabled:
        try:
            build_index(root, settings)
        except IndexFault as fault:
            warn(fault)
