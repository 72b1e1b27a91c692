"""`pilotfish index`: builds or refreshes the index of a folder."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console

from pilotfish.cli.indexing import build_index, load_settings
from pilotfish.cli.output import check_destination, write_json
from pilotfish.cli.place import folder
from pilotfish.platform.paths import index_directory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which folder, and how."""
    parser.add_argument(
        "directory", nargs="?", default=".", metavar="DIR", help="default: the current folder"
    )
    parser.add_argument("--rebuild", action="store_true", help="throw away what is there and begin anew")
    parser.add_argument("--json", metavar="PATH", help="write the figures as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Build, and say what came of it."""
    root = folder(args.directory)
    check_destination(args.json)
    errors = Console(stderr=True)
    built = build_index(root, load_settings(root, errors), errors, rebuild=args.rebuild)
    console = Console(stderr=args.json == "-", highlight=False)
    console.print(
        f"{root}: {built.files} files, {built.source_bytes / 1e6:.1f} MB of source, {built.tokens} tokens "
        f"in {built.seconds:.1f} s; {built.index_bytes / 1e6:.1f} MB on disk",
        markup=False,
        soft_wrap=True,
    )
    if built.skipped:
        reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in built.skipped.items())
        console.print(f"left out: {reasons}", soft_wrap=True)
    if args.json:
        write_json(args.json, {"root": str(root), "directory": str(index_directory(root)), **asdict(built)})
    return 0
