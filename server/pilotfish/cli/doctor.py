"""`pilotfish doctor`: looks at everything a completion needs, and says of each thing what to do about it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from pilotfish import __version__
from pilotfish.cli.check_address import check_connection, check_key, check_place
from pilotfish.cli.check_machine import check_index, check_places, check_settings
from pilotfish.cli.check_model import check_model
from pilotfish.cli.finding import Finding, Level, exit_code
from pilotfish.cli.output import write_json
from pilotfish.errors import BackendError
from pilotfish.models.backend import Backend
from pilotfish.models.outgoing import Outgoing
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.paths import config_file
from pilotfish.session.backends import EMBEDDED, Backends
from pilotfish.settings.load import load
from pilotfish.settings.model import Settings

_MARKS = {Level.GOOD: "✓ ", Level.NOTE: "· ", Level.WARNING: "! ", Level.PROBLEM: "✗ "}
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
    console = Console(stderr=args.json == "-", highlight=False, soft_wrap=True)
    findings = asyncio.run(_look(args.backend, Path.cwd(), console))
    code = exit_code(findings)
    if args.json:
        listed = [asdict(finding) for finding in findings]
        write_json(args.json, {"version": __version__, "exit_code": code, "findings": listed})
    return code


async def _look(named: str | None, root: Path, console: Console) -> list[Finding]:
    findings = []
    async with aclosing(_findings(named, root)) as found:
        async for finding in found:
            findings.append(finding)
            mark, style = _MARKS[finding.level], _STYLES[finding.level]
            console.print(f"{mark}{finding.check}: {finding.text}", style=style, markup=False)
            if finding.action:
                console.print(f"    → {finding.action}", markup=False)
    return findings


async def _findings(named: str | None, root: Path) -> AsyncGenerator[Finding, None]:
    """Everything, in the order in which one thing depends on another."""
    file = config_file()
    settings, faults = load(file, [root], {"--backend": {"backend": [named]}} if named else {})
    for finding in (
        *check_settings(file, settings, faults),
        *check_places(),
        *check_index(root, settings),
        Finding("backend", Level.NOTE, f"asked in this order: {', '.join(settings.backend) or 'none'}"),
    ):
        yield finding
    refused: list[Exception] = []
    backends = Backends(refused.append)
    try:
        opened = backends.use(settings)
        for fault in refused:
            yield Finding(
                "backend", Level.PROBLEM, str(fault), "Correct this backend's table in the settings."
            )
        if EMBEDDED in settings.backend:
            text = "the embedded engine needs no model, no key and no network; nothing leaves this machine"
            yield Finding(EMBEDDED, Level.GOOD, text)
        for backend in opened.values():
            async for finding in _check_backend(backend, settings):
                yield Finding(f"{backend.name}, {finding.check}", finding.level, finding.text, finding.action)
    finally:
        await backends.aclose()


async def _check_backend(backend: Backend, settings: Settings) -> AsyncGenerator[Finding, None]:
    """One backend; what cannot work after a problem is not tried."""
    inner = backend.backend if isinstance(backend, Outgoing) else backend
    if isinstance(inner, PresetBackend):
        findings = list(check_place(inner.url, local_only=settings.privacy.local_only))
        findings.append(await asyncio.to_thread(check_key, inner))
        findings.append(await check_connection(inner.url, settings.network.client_certificate))
        for finding in findings:
            yield finding
        if exit_code(findings) == 2:
            return
        yield await _check_window(inner)
    async for finding in check_model(backend, settings):
        yield finding


async def _check_window(service: PresetBackend) -> Finding:
    """Whether prompts fit into what the server was started with."""
    ours = service.profile.window_tokens
    try:
        theirs = await service.told_window_tokens()
    except BackendError as error:
        return Finding("window", Level.WARNING, str(error))
    if theirs is None:
        return Finding("window", Level.NOTE, f"the server does not tell; prompts are kept to {ours:,} tokens")
    if theirs < ours:
        return Finding(
            "window",
            Level.WARNING,
            f"the server reads {theirs:,} tokens, prompts may have {ours:,}: they would be cut or refused",
            "Start the server with a larger context, "
            f"or set `backends.{service.name}.options.window_tokens = {theirs}`.",
        )
    return Finding("window", Level.GOOD, f"the server reads {theirs:,} tokens, prompts have {ours:,} at most")
