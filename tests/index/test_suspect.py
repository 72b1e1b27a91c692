import logging
from pathlib import Path
from typing import Any

import pytest

from pilotfish.index.build import build
from pilotfish.index.catalog import Catalog
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.entries import Entries
from pilotfish.index.lookup import Lookup
from pilotfish.index.stamps import Stamp
from pilotfish.index.suspect import DEATHS, Suspect
from pilotfish.index.used_names import ChunkedText
from pilotfish.index.view import SourceFile
from pilotfish.syntax.definitions import definitions_of
from pilotfish.syntax.languages import Language
from pilotfish.syntax.source import Source
from tests.index.workspace import LIMITS, catalogued, database, lay_out

BAD, GOOD = b"b" * 16, b"g" * 16


def die_over(file: Path, digest: bytes) -> None:
    """A process that begins to read a text and never comes to its end."""
    suspect = Suspect(file)
    suspect.reading(digest).__enter__()
    suspect.close()


def is_guilty(file: Path, digest: bytes) -> bool:
    suspect = Suspect(file)
    guilty = suspect.is_guilty(digest)
    suspect.close()
    return guilty


def test_a_text_that_ended_three_processes_is_guilty(tmp_path: Path) -> None:
    file = tmp_path / "s"
    for death in range(DEATHS):
        assert not is_guilty(file, BAD), death
        die_over(file, BAD)
    assert is_guilty(file, BAD)
    assert not is_guilty(file, GOOD)


def test_a_text_that_was_read_to_its_end_is_innocent(tmp_path: Path) -> None:
    file = tmp_path / "s"
    for _ in range(DEATHS - 1):
        die_over(file, BAD)
    suspect = Suspect(file)
    with suspect.reading(BAD):
        pass
    suspect.close()
    die_over(file, BAD)
    assert not is_guilty(file, BAD)


def test_what_is_there_instead_of_the_file_accuses_nobody(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"odd")
    assert not is_guilty(tmp_path / "s", BAD)
    die_over(tmp_path / "s", BAD)


def test_a_guilty_text_is_known_by_its_lines(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "c"
    Catalog.create(directory).close()
    for _ in range(DEATHS):
        die_over(directory / "being-read", BAD)
    read: list[str] = []

    def entries_of(text: str, language: Language) -> Entries:
        read.append(language.grammar)
        return Entries(1, [], [], ChunkedText(b"", [], [], frozenset()), [])

    monkeypatch.setattr("pilotfish.index.entries.entries_of", entries_of)
    catalog = Catalog.open(directory)
    with caplog.at_level(logging.WARNING):
        catalog.add([(SourceFile("bad.py", "x = 1\n"), Stamp(6, 1, BAD))])
    catalog.add([(SourceFile("good.py", "y = 1\n"), Stamp(6, 1, GOOD))])
    catalog.commit()
    catalog.close()
    assert read == ["", "tree_sitter_python:language"]
    assert "bad.py" in caplog.text


def test_a_text_whose_syntax_cannot_be_read_is_known_by_its_lines_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(source: Source, *others: Any) -> Any:
        if b"bad" in source.data:
            raise IndexError("SECRET words of the text")
        return definitions_of(source, *others)

    monkeypatch.setattr("pilotfish.syntax.outline.definitions_of", fails)
    root = lay_out(tmp_path / "ws", {"bad.py": "def bad(): ...\n", "good.py": "def good(): ...\n"})
    first, again = build(root, tmp_path / "i", LIMITS), build(root, tmp_path / "i", LIMITS)
    assert (first.files, first.lines_only, again.lines_only) == (2, ("bad.py",), ())
    assert caplog.text.count("bad.py") == 1
    assert "IndexError in " in caplog.text
    assert "SECRET" not in caplog.text
    reader = CatalogReader(root, tmp_path / "i")
    names = [symbol.name for symbol in Lookup([reader]).definitions(["bad", "good"])]
    assert names == ["good"]
    assert set(catalogued(tmp_path / "i")) == {"bad.py", "good.py"}
    reader.close()
    assert (database(tmp_path / "i").parent / "being-read").read_bytes() == bytes(17)
