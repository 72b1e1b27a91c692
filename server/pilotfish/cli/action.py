"""`pilotfish action NAME FILE:RANGE`: the code actions of the editors, from the shell."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from pilotfish.actions.names import ACTION_NAMES
from pilotfish.actions.spot import Diagnostic
from pilotfish.cli.indexing import load_settings, refresh_index
from pilotfish.cli.output import warn
from pilotfish.cli.place import open_document, parse_range, workspace_of
from pilotfish.errors import InputError, PilotfishError
from pilotfish.session.session import Session
from pilotfish.session.status import Status
from pilotfish.text.document import Document, Range
from pilotfish.text.edit import Edit, applied
from pilotfish.text.lines import split_lines
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding

_NO_LINE_END = "\\ No newline at end of file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which, where, and what becomes of it."""
    parser.add_argument(
        "name", metavar="NAME", help=f"{', '.join(ACTION_NAMES)}, or one of your own settings"
    )
    parser.add_argument(
        "place",
        metavar="FILE:RANGE",
        help="RANGE is LINE, LINE-LINE (whole lines), LINE:COL or LINE:COL-LINE:COL, counted from 1",
    )
    parser.add_argument("--instruction", default="", metavar="TEXT", help="what to do, for `edit`")
    parser.add_argument("--problem", default="", metavar="TEXT", help="what is wrong there, for `fix`")
    parser.add_argument("--diff", action="store_true", help="print the change, and leave the files alone")
    parser.add_argument("--workspace", metavar="DIR", help="default: the current folder if it holds the file")
    parser.add_argument("--backend", metavar="NAME", help="ask this model instead of those in the settings")


def run(args: argparse.Namespace) -> int:
    """Do one action."""
    path, selection = parse_range(args.place)
    document = open_document(path)
    assert document.path is not None
    clamped = Range(document.clamp(selection.start), document.clamp(selection.end))
    if selection.start.line >= len(document.lines):
        raise InputError(f"{args.place}: the file has {len(document.lines)} lines")
    root = workspace_of(document.path, args.workspace)
    said: dict[str, object] = {"actions": {"backend": [args.backend]}} if args.backend else {}
    refresh_index(root, load_settings(root, {"--backend": said}))
    if args.name == "fix" and not args.problem:
        raise InputError("say what is wrong there with --problem")
    screen = ShellScreen(root)
    problems = [Diagnostic(clamped, args.problem)] if args.problem else []
    asyncio.run(_do(args, Place(document, clamped, problems), Shell(root, said, screen)))
    screen.write(diff=args.diff)
    return 0


class ShellScreen:
    """Shows progress on stderr and keeps what an action changes.

    Attributes:
        made: each changed file's text before and after.
    """

    has_preview = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self.made: dict[Path, tuple[str, str]] = {}
        self.session: Session | None = None
        self._terminal = Console(stderr=True, highlight=False, markup=False)
        self._shown = ""

    def say(self, text: str) -> None:
        """One line that is written over."""
        if self._terminal.is_terminal:
            self._terminal.print(text[-60:], end="\r")

    async def apply(self, label: str, document: Document, edits: Sequence[Edit]) -> bool:
        """Keep the new text, and tell the session as an editor would."""
        del label
        assert document.path is not None
        new = applied(document.lines, edits)
        before, _ = self.made.get(document.path, (document.text, ""))
        self.made[document.path] = before, new
        if self.session is not None and self.session.documents.get(document.uri) is not None:
            self.session.change(document.uri, document.version + 1, [Change(new)])
        return True

    async def create(self, label: str, document: Document) -> bool:
        """Keep the text of a new file."""
        del label
        assert document.path is not None
        self.made[document.path] = "", document.text
        return True

    async def preview(self, label: str, document: Document, edits: Sequence[Edit], *, is_last: bool) -> None:
        """There is none."""

    async def decision(self) -> bool:
        """Whoever typed the command wants it."""
        return True

    async def show(self, name: str, markdown: str) -> None:
        """Print what is new of it."""
        del name
        sys.stdout.write(markdown[len(self._shown) :])
        sys.stdout.flush()
        self._shown = markdown

    async def ask(self, question: str) -> str:
        """The instruction is an argument."""
        del question
        raise InputError("say what to do with --instruction")

    def write(self, *, diff: bool) -> None:
        """Write the files, or print what would change in them.

        Raises:
            InputError: a file cannot be written.
        """
        if self._shown and not self._shown.endswith("\n"):
            sys.stdout.write("\n")
        for path, (before, after) in self.made.items():
            if diff:
                sys.stdout.write(self._diff(path, before, after))
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(after.encode())
            except OSError as error:
                raise InputError(f"{path} cannot be written: {error.strerror}") from error
            print(f"changed {path}")

    def _diff(self, path: Path, before: str, after: str) -> str:
        """In the form that `git apply` takes in the workspace's folder."""
        shown = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else path.name
        old, new = ([line for line in split_lines(text) if line] for text in (before, after))
        lines = unified_diff(old, new, f"a/{shown}" if path.exists() else "/dev/null", f"b/{shown}")
        return "".join(line if line.endswith("\n") else f"{line}\n{_NO_LINE_END}\n" for line in lines)


class Place(NamedTuple):
    """Where an action is asked for.

    Attributes:
        document: the file.
        selection: in it.
        problems: what is wrong there.
    """

    document: Document
    selection: Range
    problems: Sequence[Diagnostic]


class Shell:
    """What stands in for an editor: tells what goes wrong."""

    def __init__(self, root: Path, options: object, screen: ShellScreen) -> None:
        self.root = root
        self.options = options
        self.screen = screen

    def report(self, error: PilotfishError) -> None:
        """On stderr; the settings' faults were told already."""
        warn(error)

    def show_status(self, status: Status) -> None:
        """Nobody looks at it."""


async def _do(args: argparse.Namespace, place: Place, shell: Shell) -> None:
    document = place.document
    session = Session(shell, Encoding.UTF32, [shell.root], shell.options)
    shell.screen.session = session
    try:
        session.open(document.uri, document.path, document.language_id, 1, document.text)
        session.start()
        await session.actions.ready()
        opened = session.documents.get(document.uri)
        assert opened is not None
        spot = session.actions.spot(opened, place.selection, place.problems)
        await session.actions.run(args.name, spot, shell.screen, instruction=args.instruction)
    finally:
        await session.aclose()
