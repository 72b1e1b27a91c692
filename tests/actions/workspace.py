"""A workspace with an index, for actions that ask it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pilotfish.actions.spot import Diagnostic, Spot
from pilotfish.actions.tools import Tools
from pilotfish.context.snippet import Context
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.models.turns import Turns
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.trace import Trace
from pilotfish.settings.model import Settings
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import end_of
from pilotfish.text.lines import split_lines

CURSOR = "$0"


class Indexed:
    """A folder and what is known of it."""

    def __init__(self, root: Path, reader: CatalogReader) -> None:
        self.root = root
        self.reader = reader

    def tools(self, completed: str = "") -> Tools:
        async def gather(*_: object) -> Context:
            return Context()

        async def complete(*_: object) -> str:
            return completed

        return Tools(
            settings=Settings(),
            models={},
            gather=gather,
            complete=complete,
            lookup=lambda hidden, _: Lookup([self.reader], hidden, time.monotonic() + 30),
            follow=lambda _: nullcontext(),
            open_document=self.open,
            is_private=lambda _: False,
            turns=Turns(),
            trace=Trace("1", "", 1, SystemClock()),
        )

    def open(self, path: Path) -> Document | None:
        if not path.exists():
            return None
        language = language_of_path(path).id
        return Document(path.as_uri(), path, language, -1, split_lines(path.read_bytes().decode()))

    def spot(self, name: str, marked: str, *diagnostics: str) -> Spot:
        """The document of this name, open, the cursor at its mark; what is said is said of the cursor."""
        path = self.root / name
        before, _, after = marked.partition(CURSOR)
        cursor = end_of(Position(0, 0), before)
        here = Range(cursor, cursor)
        document = Document(path.as_uri(), path, language_of_path(path).id, 1, split_lines(before + after))
        said = tuple(Diagnostic(here, message) for message in diagnostics)
        return Spot(document, here, said, self.root, (), frozenset({path}))


@contextmanager
def indexed(folder: Path, files: dict[str, str]) -> Iterator[Indexed]:
    """Write and index files."""
    root = (folder / "work").resolve()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    root.mkdir(exist_ok=True)
    build(root, folder / "index", Settings().index)
    reader = CatalogReader(root, folder / "index")
    try:
        yield Indexed(root, reader)
    finally:
        reader.close()
