"""What the command lines of the measuring tools have in common."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """A parser whose help is a module's docstring, as it is written."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def parser_for_tasks(description: str | None) -> argparse.ArgumentParser:
    """One that knows TASKS.tsv and TREES_DIR, `--per-repo` and `--json`."""
    parser = parser_of(description)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--per-repo", type=int, metavar="N", help="so many tasks of each tree; all without")
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser
