import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.index import terms
from pilotfish.index.catalog_memory import CatalogMemory
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.store import Store
from tests.index.workspace import lay_out, scan

SHAPES = '''\
"""Shapes."""
from math import pi as PI
import os.path


class Shape:
    """Something with an area."""

    name = "shape"

    def area(self) -> float:
        """How much it covers."""
        return 0.0


class Circle(Shape):
    def __init__(self, radius: float) -> None:
        self.radius = radius

    def area(self) -> float:
        return PI * self.radius ** 2


def total_area(shapes: list[Shape]) -> float:
    """The areas of all."""
    return sum(shape.area() for shape in shapes)
'''
DRAW = """\
from .shapes import Circle
from .shapes import total_area as area_of_all


def draw_circle(radius):
    circle = Circle(radius)
    return area_of_all([circle])
"""
FILES = {
    "pkg/shapes.py": SHAPES,
    "pkg/draw.py": DRAW,
    "pkg/test_draw.py": "from pkg.shapes import Circle\n\n\ndef test_it():\n    assert Circle(1).area()\n",
    "copy/of/shapes.py": SHAPES,
    "web/größe.ts": "export interface Größe { breite: number }\nexport const größer = (a: Größe) => a\n",
    "notes.txt": "circle and radius\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = lay_out(tmp_path / "ws", FILES)
    scan(root, tmp_path / "i")
    return root


@pytest.fixture
def reader(root: Path, tmp_path: Path) -> Iterator[CatalogReader]:
    reader = CatalogReader(root, tmp_path / "i")
    yield reader
    reader.close()


@pytest.fixture
def lookup(reader: CatalogReader) -> Lookup:
    return Lookup([reader])


def test_definitions_are_found_by_name_each_content_once(lookup: Lookup) -> None:
    circle, area, another = lookup.definitions(["Circle", "area", "nothing"])
    assert (circle.name, circle.kind, circle.container, circle.bases) == ("Circle", "class", "", ("Shape",))
    assert circle.path in ("pkg/shapes.py", "copy/of/shapes.py")
    assert SHAPES.splitlines()[circle.name_line] == "class Circle(Shape):"
    assert (circle.start_line, circle.end_line) == (15, 21)
    assert {area.container, another.container} == {"Shape", "Circle"}
    assert area.signature == "def area(self) -> float"
    assert "How much it covers." in area.doc
    assert not lookup.is_late


def test_members_are_found_by_what_they_stand_in(lookup: Lookup) -> None:
    names = [symbol.name for symbol in lookup.members(["Shape"])]
    assert names == ["name", "area"]
    assert {symbol.name for symbol in lookup.members(["Circle"])} >= {"__init__", "area"}
    assert lookup.members(["total_area"]) == []


def test_a_file_is_told_of_in_order(root: Path, lookup: Lookup) -> None:
    file = root / "pkg" / "draw.py"
    assert [symbol.name for symbol in lookup.symbols_of(file)][:1] == ["draw_circle"]
    imports = [(each.module, each.name, each.alias, each.line) for each in lookup.imports_of(file)]
    assert imports == [(".shapes", "Circle", "", 0), (".shapes", "total_area", "area_of_all", 1)]
    chunks = lookup.chunks_of(root / "pkg" / "shapes.py")
    assert "".join(str(lookup.text(chunk)) for chunk in chunks) == SHAPES
    assert {chunk.path for chunk in chunks} == {"pkg/shapes.py"}
    assert not lookup.symbols_of(root / "no.py")
    assert not lookup.chunks_of(root.parent / "outside.py")


def test_who_imports_what_is_known(lookup: Lookup) -> None:
    ways = lookup.who_imports("Circle")
    assert {(each.module, each.path, count) for each, count in ways} == {
        (".shapes", "pkg/draw.py", 1),
        ("pkg.shapes", "pkg/test_draw.py", 1),
    }
    assert [each.path for each, _ in lookup.who_imports("area_of_all")] == ["pkg/draw.py"]


def test_files_are_found_by_name_and_by_folder(root: Path, lookup: Lookup) -> None:
    assert lookup.files(["draw.py"]) == [root / "pkg" / "draw.py"]
    assert lookup.files(["test_*.py", "no.py"]) == [root / "pkg" / "test_draw.py"]
    assert {path.name for path in lookup.files(folder=root / "pkg")} == {
        "draw.py",
        "shapes.py",
        "test_draw.py",
    }
    assert lookup.files(folder=root) == [root / "notes.txt"]
    assert lookup.files(folder=root.parent) == []
    assert lookup.files([os.fsdecode(b"na\xefve.py")]) == [], "a name that is no text is in no catalog"


def test_chunks_are_found_by_the_names_in_them(lookup: Lookup) -> None:
    (best, score), *_ = lookup.search([("area_of_all", 1.0), ("radius", 0.5)])
    assert best.path == "pkg/draw.py"
    assert score > 0
    assert {chunk.path for chunk in lookup.containing(["circle", "radius"])} == {"pkg/draw.py", "notes.txt"}
    assert lookup.containing(["Größe"])[0].path == "web/größe.ts"
    assert lookup.frequency(["draw_circle", "Circle", "nothing_at_all"]) == {"Circle": 3}
    for odd in ('"', "a b", "*", "", "uses:x", "a OR b"):
        assert not lookup.search([(odd, 1.0)])
        assert not lookup.containing([odd])


def test_a_term_that_is_everywhere_finds_nothing_by_itself(
    lookup: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MAX_PLACES", 1)
    assert lookup.search([("radius", 1.0)]) == []
    assert lookup.search([("draw_circle", 1.0)]) == lookup.search([("draw_circle", 1.0), ("radius", 1.0)])


def test_all_chunks_can_be_had_page_by_page_each_text_once(root: Path, lookup: Lookup) -> None:
    number, paths = 0, []
    while page := lookup.chunks_after(root, number, limit=2):
        assert len(page) <= 2
        paths += [chunk.path for chunk in page]
        number = page[-1].number
    assert len({"pkg/shapes.py", "copy/of/shapes.py"} & set(paths)) == 1
    assert set(FILES) - set(paths) <= {"pkg/shapes.py", "copy/of/shapes.py"}
    assert lookup.chunks_after(root.parent) == []


def test_what_is_hidden_is_not_found_but_its_copy_is(root: Path, reader: CatalogReader) -> None:
    hidden = [root / "pkg" / "shapes.py", root / "pkg" / "draw.py", root.parent / "other.py"]
    lookup = Lookup([reader], hidden)
    assert {symbol.path for symbol in lookup.definitions(["Circle"])} == {"copy/of/shapes.py"}
    assert lookup.definitions(["draw_circle"]) == []
    assert lookup.search([("area_of_all", 1.0)]) == []
    assert [each.path for each, _ in lookup.who_imports("Circle")] == ["pkg/test_draw.py"]
    assert lookup.files(["draw.py"]) == []
    assert lookup.symbols_of(hidden[0]) == []
    assert lookup.lines(hidden[1], 0, 3) is None


def test_text_that_is_no_longer_there_is_not_quoted(
    root: Path, lookup: Lookup, reader: CatalogReader
) -> None:
    (symbol,) = lookup.definitions(["draw_circle"])
    assert lookup.text(symbol) == "".join(DRAW.splitlines(keepends=True)[4:])
    lay_out(root, {"pkg/draw.py": DRAW.replace("radius", "raduis")})
    assert Lookup([reader]).text(symbol) is None
    (root / "pkg" / "draw.py").unlink()
    assert Lookup([reader]).text(symbol) is None


def test_a_changed_file_is_seen(root: Path, reader: CatalogReader) -> None:
    file = root / "pkg" / "draw.py"
    assert Lookup([reader]).lines(file, 4, 5) == DRAW.splitlines(keepends=True)[4]
    assert Lookup([reader], [file]).lines(file, 4, 5) is None
    lay_out(root, {"pkg/draw.py": DRAW.replace("radius", "raduis")})
    assert Lookup([reader]).lines(file, 4, 5) is None


def test_a_piece_is_quoted_while_it_stands_where_it_was(root: Path, reader: CatalogReader) -> None:
    chunks = Lookup([reader]).chunks_of(root / "pkg" / "draw.py")
    texts = [Lookup([reader]).text(chunk) for chunk in chunks]
    assert "".join(text or "?" for text in texts) == DRAW
    changed = DRAW.replace("radius", "raduis")
    lay_out(root, {"pkg/draw.py": changed + "beyond = 1\n"})
    for chunk, text in zip(chunks, texts, strict=True):
        as_it_was = "".join(changed.splitlines(keepends=True)[chunk.start_line : chunk.end_line]) == text
        assert Lookup([reader]).text(chunk) == (text if as_it_was else None)
    (root / "pkg" / "draw.py").write_bytes(DRAW.replace("\n", "\r\n").encode())
    assert Lookup([reader]).text(chunks[-1]) is None


def test_what_was_answered_is_remembered_until_the_catalog_changes(
    root: Path, reader: CatalogReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(lookup: Lookup) -> list[object]:
        return [
            lookup.definitions(["Circle", "nobody"]),
            lookup.members(["Circle"]),
            lookup.files(["draw.py", "sh*.py"]),
            lookup.symbols_of(root / "pkg" / "draw.py"),
        ]

    first = asked(Lookup([reader]))
    with monkeypatch.context() as patch:
        patch.setattr(reader, "rows", lambda *_: pytest.fail("it was asked again"))
        assert asked(Lookup([reader])) == first
    lay_out(root, {"pkg/draw.py": "class nobody:\n    pass\n"})
    scan(root, reader.directory)
    again = Lookup([reader])
    assert [symbol.name for symbol in again.definitions(["nobody"])] == ["nobody"]
    assert [symbol.name for symbol in again.symbols_of(root / "pkg" / "draw.py")] == ["nobody"]


def test_what_was_cut_short_is_not_remembered(reader: CatalogReader) -> None:
    late = Lookup([reader], deadline=time.monotonic() - 1)
    for _ in range(200):
        late.definitions(["Circle", "draw_circle"])
    assert Lookup([reader]).definitions(["Circle", "draw_circle"])


def test_memory_is_bounded() -> None:
    memory = CatalogMemory()
    for number in range(100_000):
        memory.keep("kind", {number: [(number,)] * (number % 50)})
    assert 0 not in memory.of("kind")
    assert memory.of("kind")[99_999] == [(99_999,)] * 49
    assert len(memory.of("kind")) < 1_000


def test_time_is_kept(reader: CatalogReader) -> None:
    lookup = Lookup([reader], deadline=time.monotonic() - 1)
    for number in range(200):
        lookup.search([(f"name{number}", 1.0), ("radius", 1.0)])
    lookup.files(["*"])
    assert lookup.is_late
    assert Lookup([reader], deadline=time.monotonic() - 1).definitions(["Circle"]) == []
    assert not Lookup([reader], deadline=time.monotonic() + 60).is_late


def test_several_folders_are_asked_at_once(root: Path, reader: CatalogReader, tmp_path: Path) -> None:
    other = lay_out(tmp_path / "other", {"ring.py": "class Circle:\n    def ring(self): ...\n"})
    scan(other, tmp_path / "j")
    lookup = Lookup([reader, CatalogReader(other, tmp_path / "j")])
    assert {symbol.root for symbol in lookup.definitions(["Circle"])} == {root, other}
    assert [symbol.name for symbol in lookup.members(["Circle"]) if symbol.root == other] == ["ring"]
    assert lookup.lines(other / "ring.py", 1, 2) == "    def ring(self): ...\n"
    assert lookup.symbols_of(other / "ring.py")[0].name == "Circle"


def test_a_reader_follows_whatever_is_committed(root: Path, reader: CatalogReader, tmp_path: Path) -> None:
    assert Lookup([reader]).definitions(["late"]) == []
    lay_out(root, {"late.py": "def late(): ...\n"})
    scan(root, tmp_path / "i")
    assert len(Lookup([reader]).definitions(["late"])) == 1
    with Store(root, tmp_path / "i") as store:
        store.discard()
    assert Lookup([reader]).definitions(["late"]) == []
    scan(root, tmp_path / "i")
    assert len(Lookup([reader]).definitions(["late"])) == 1


def test_what_cannot_be_read_is_not_found(root: Path, tmp_path: Path) -> None:
    reader = CatalogReader(root, tmp_path / "nowhere")
    assert Lookup([reader]).definitions(["Circle"]) == []
    assert reader.fault is None
    (database,) = (tmp_path / "i").glob("catalogs/*/catalog.sqlite")
    database.write_bytes(b"no database " * 1000)
    shutil.rmtree(database.parent / "catalog.sqlite-wal", ignore_errors=True)
    reader = CatalogReader(root, tmp_path / "i")
    assert Lookup([reader]).definitions(["Circle"]) == []
    assert reader.fault is not None
    assert (reader.take_damage(), reader.take_damage()) == (True, False)
    assert Lookup([reader]).search([("radius", 1.0)]) == []
    reader.close()
