"""What the tasks of `pilotfish bench` have in common: which server, which settings, where the report goes."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from pilotfish.bench.document import markdown
from pilotfish.bench.html import html
from pilotfish.bench.stub import parse_script
from pilotfish.bench.stub_model import Script
from pilotfish.bench.thresholds import Threshold, missed
from pilotfish.cli.output import check_destination, output, write_json, write_text
from pilotfish.errors import InputError


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Who is measured."""
    parser.add_argument(
        "--server", metavar="COMMAND", help="another server to measure (default: pilotfish serve)"
    )
    parser.add_argument(
        "--settings",
        metavar="JSON",
        help="for the server, as an editor hands them over; @FILE reads them from a file",
    )
    parser.add_argument(
        "--stub",
        metavar="NAME=VALUE,...",
        nargs="?",
        const="",
        help="have it ask a scripted model: first_token_ms, tokens_per_s, jitter, failures, text",
    )


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the figures go, and what makes them bad."""
    parser.add_argument("--json", metavar="PATH", help="write the report as JSON; - is stdout")
    parser.add_argument("--html", metavar="PATH", help="write it as one HTML file with plots")
    parser.add_argument("--markdown", metavar="PATH", help="write it as Markdown, for a pull request")
    parser.add_argument(
        "--fail-if",
        action="append",
        default=[],
        metavar="CONDITION",
        help="exit with 1 if this holds, for example 'p95_ms > 30' or 'startup.ratio > 1.25'",
    )


def server_command(args: argparse.Namespace) -> list[str]:
    """The server under test.

    Raises:
        InputError: `--server` is no command.
    """
    return parse_command(args.server) if args.server else [sys.executable, "-m", "pilotfish", "serve"]


def parse_command(text: str) -> list[str]:
    """A command line as a list.

    Raises:
        InputError: its quotes do not close, or it is empty.
    """
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a command: {error}") from error
    if not command:
        raise InputError("an empty text is not a command")
    return command


def server_settings(args: argparse.Namespace) -> dict[str, Any]:
    """What `--settings` says.

    Raises:
        InputError: it is no JSON object.
    """
    return parse_settings(args.settings)


def parse_settings(text: str | None) -> dict[str, Any]:
    """Settings from JSON, or from the file that `@FILE` names; nothing is no settings.

    Raises:
        InputError: it is no JSON object, or there is no such file.
    """
    if not text:
        return {}
    try:
        told = Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
        settings = json.loads(told)
    except OSError as error:
        raise InputError(f"{text[1:]} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"the settings are no JSON: {error}") from error
    if not isinstance(settings, dict):
        raise InputError('the settings are no JSON object; write for example {"backend": ["embedded"]}')
    return settings


def stub_script(args: argparse.Namespace) -> Script | None:
    """What `--stub` says; None without it.

    Raises:
        InputError: it says what no stub understands.
    """
    return None if args.stub is None else parse_script(args.stub)


def check_destinations(args: argparse.Namespace) -> None:
    """Find out before the work that there is no place for its result."""
    for destination in (args.json, args.html, args.markdown):
        check_destination(destination)


def report_console(args: argparse.Namespace) -> Console:
    """Where the figures are shown: not where one of the reports goes."""
    return output(args.json, args.html, args.markdown)


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on the terminal, if there is one; it is told what goes on, and how much is done (0 to 1)."""
    terminal = Console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as shown:
        task = shown.add_task("starting", total=1.0)
        yield lambda text, done: shown.update(task, description=text, completed=done)


def write_reports(args: argparse.Namespace, result: Mapping[str, Any]) -> None:
    """Write it in every form that was asked for."""
    if args.json:
        write_json(args.json, result)
    if args.html:
        write_text(args.html, html(result))
    if args.markdown:
        write_text(args.markdown, markdown(result))


def judge(console: Console, thresholds: Iterable[Threshold], result: Mapping[str, Any]) -> int:
    """1 if a threshold was missed, and say which; else 0."""
    sentences = [sentence for threshold in thresholds for sentence in missed(threshold, result)]
    for sentence in sentences:
        console.print(f"Missed: {sentence}", style="red", highlight=False, markup=False)
    return 1 if sentences else 0


def speed(text: str) -> float | None:
    """How many times faster than people type, for argparse; None for as fast as answers come."""
    if text == "max":
        return None
    try:
        times = 1.0 if text == "human" else float(text)
    except ValueError:
        times = 0.0
    if times <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is neither max, nor human, nor a positive number")
    return times
