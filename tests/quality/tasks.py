"""Task files of `line_completion.py`: which place of which tree is asked about. Read and written."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Task = Mapping[str, str]
"""repo, lang, file, kind (line or xfile), line_no (from 0) and col; public tasks have checksums as well."""


def tasks_by_repository(
    path: Path, kind: str, per_repo: int | None = None
) -> Iterator[tuple[str, list[Task]]]:
    """The tasks of one kind, shuffled as the outside scorer does it, and so many of each tree."""
    with path.open(newline="", encoding="utf-8") as file:
        tasks = [task for task in csv.DictReader(file, delimiter="\t") if task["kind"] == kind]
    for repo in sorted({task["repo"] for task in tasks}):
        chosen: list[Task] = [task for task in tasks if task["repo"] == repo]
        random.Random(0).shuffle(chosen)
        yield repo, chosen[:per_repo]


def write_tasks(path: Path, tasks: Sequence[Task]) -> None:
    """Tasks that were drawn, at least one."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(tasks[0]), delimiter="\t")
        table.writeheader()
        table.writerows(tasks)


def print_figures(name: str, figures: Mapping[str, float]) -> None:
    """One line for a tree, or for all."""
    print(f"{name:34s} " + " ".join(f"{key} {value:.4g}" for key, value in figures.items()), flush=True)
