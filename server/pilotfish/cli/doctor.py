"""`pilotfish doctor`: looks at everything a completion needs, and says of each thing what to do about it."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from pilotfish import __version__
from pilotfish.cli.output import check_destination, output, write_json
from pilotfish.cli.place import here
from pilotfish.doctor.examine import examine
from pilotfish.doctor.finding import MARKS, Finding, Level, exit_code
from pilotfish.platform.paths import config_file
from pilotfish.settings.load import load

_STYLES = {Level.GOOD: "green", Level.NOTE: "dim", Level.WARNING: "yellow", Level.PROBLEM: "red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to look at."""
    parser.description = (
        "Looks at the settings, the index of the current folder, and each backend: its key, its address, "
        "whether the model fills holes and how fast. A model is asked three short questions."
    )
    parser.epilog = "Exit codes: 0 all is well, 1 something could be better, 2 something does not work."
    parser.add_argument("--backend", metavar="NAME", help="look at this one instead of those in the settings")
    parser.add_argument("--json", metavar="PATH", help="write the findings as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Look, and say what was found while it is found: a model may take its time."""
    check_destination(args.json)
    findings = asyncio.run(_look(args.backend, here(), output(args.json)))
    code = exit_code(findings)
    if args.json:
        listed = [asdict(finding) for finding in findings]
        write_json(args.json, {"version": __version__, "exit_code": code, "findings": listed})
    return code


async def _look(named: str | None, root: Path, console: Console) -> list[Finding]:
    said: dict[str, object] = {"--backend": {"backend": [named]}} if named else {}
    settings, faults = load(config_file(), [root], said)
    findings = []
    async with aclosing(examine(settings, faults, [root])) as found:
        async for finding in found:
            findings.append(finding)
            style = _STYLES[finding.level]
            line = f"{MARKS[finding.level]} {finding.check}: {finding.text}"
            console.print(line, style=style, markup=False, soft_wrap=True)
            if finding.action:
                console.print(f"    → {finding.action}", markup=False, soft_wrap=True)
    return findings
