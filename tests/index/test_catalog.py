import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pilotfish.errors import CatalogDamaged, IndexFault
from pilotfish.index import catalog as catalog_module
from pilotfish.index import manifest as layout
from pilotfish.index import schema
from pilotfish.index.build import build
from pilotfish.index.catalog import Catalog
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.indexer import Indexer
from pilotfish.index.lookup import Lookup
from pilotfish.index.store import Store
from tests.index.workspace import FILES, LIMITS, Limits, catalogued, database, lay_out, read, scan


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = lay_out(tmp_path / "ws")
    scan(root, tmp_path / "i")
    return root


def rows(directory: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database(directory))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def entries_of(text: str, language: object) -> None:
        raise AssertionError(text)

    monkeypatch.setattr("pilotfish.index.entries.entries_of", entries_of)


def test_every_file_is_in_it(root: Path, tmp_path: Path) -> None:
    assert set(catalogued(tmp_path / "i")) == set(FILES)


def test_a_content_is_kept_once(root: Path, tmp_path: Path) -> None:
    text = "def vendored():\n    return 1\n"
    lay_out(root, {f"copy{i}/lib.py": text for i in range(20)} | {"copy/lib.pyw": text, "copy/lib.txt": text})
    scan(root, tmp_path / "i")
    assert (
        len(
            rows(
                tmp_path / "i",
                "SELECT * FROM symbols JOIN names ON id = symbols.name WHERE names.name = 'vendored'",
            )
        )
        == 1
    )
    assert (
        len(rows(tmp_path / "i", "SELECT * FROM contents")) == len(FILES) + 2
    )  # as Python, and as plain text
    reader = CatalogReader(root, tmp_path / "i")
    assert len(Lookup([reader]).definitions(["vendored"])) == 1
    assert len(Lookup([reader]).files(["lib.py"])) == 20
    reader.close()


def test_a_branch_that_is_switched_back_is_known(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = catalogued(tmp_path / "i")
    branch: dict[str, str | bytes] = {path: text + "\nbranch = 1\n" for path, text in FILES.items()}
    lay_out(root, branch | {"new.py": "x = 1\n"})
    scan(root, tmp_path / "i")
    assert catalogued(tmp_path / "i") != before
    lay_out(root)
    (root / "new.py").unlink()
    never_read(monkeypatch)
    scan(root, tmp_path / "i")
    assert catalogued(tmp_path / "i") == before


def test_what_nobody_has_any_more_is_kept_within_a_bound(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_module, "KEPT_BYTES", 40)
    versions = [f"version = {number:04}\n" for number in range(6)]
    with Store(root, tmp_path / "i") as store:
        indexer = Indexer(store, LIMITS)
        for text in versions:
            lay_out(root, {"a.py": text})
            assert indexer.apply(["a.py"])
        while indexer.tidy():
            pass
        size = len(versions[0])
        assert len(rows(tmp_path / "i", "SELECT * FROM contents WHERE left_at IS NOT NULL")) == 40 // size
        never_read(monkeypatch)
        lay_out(root, {"a.py": versions[-2]})
        assert indexer.apply(["a.py"])
        lay_out(root, {"a.py": versions[0]})
        with pytest.raises(AssertionError):
            indexer.apply(["a.py"])


def test_what_is_not_committed_is_not_seen(root: Path, tmp_path: Path) -> None:
    with Store(root, tmp_path / "i") as store:
        store.catalog.forget(["README.md", "pkg0"])
        assert set(catalogued(tmp_path / "i")) == set(FILES)
        store.catalog.commit()
        left = {path for path in FILES if path != "README.md" and not path.startswith("pkg0/")}
        assert set(catalogued(tmp_path / "i")) == left


def test_files_come_and_go_one_by_one(root: Path, tmp_path: Path) -> None:
    with Store(root, tmp_path / "i") as store:
        lay_out(root, {"pkg1/mod1.py": b"\0", "new.go": "package new\n"})
        (root / "README.md").unlink()
        assert Indexer(store, LIMITS).apply(["pkg1/mod1.py", "new.go", "README.md"])
    assert set(catalogued(tmp_path / "i")) == (set(FILES) | {"new.go"}) - {"README.md", "pkg1/mod1.py"}


def test_what_the_segments_have_no_room_for_is_in_the_catalog(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws")
    report = build(root, tmp_path / "i", Limits(max_tokens=50))
    assert report.skipped["beyond_budget"] > 0
    assert set(read(root, tmp_path / "i")) < set(FILES)
    assert set(catalogued(tmp_path / "i")) == set(FILES)
    with Store(root, tmp_path / "i") as store:
        before = store.manifest, store.catalog.commits
        Indexer(store, Limits(max_tokens=50)).scan()
        assert (store.manifest, store.catalog.commits) == before


@pytest.mark.parametrize("method", ["add", "commit"])
def test_killed_between_the_two_commits_the_next_scan_brings_them_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    root = lay_out(tmp_path / "ws")

    def die(self: Catalog, *_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, method, die)
        with pytest.raises(KeyboardInterrupt):
            scan(root, tmp_path / "i")
    assert set(read(root, tmp_path / "i")) == set(FILES)
    assert catalogued(tmp_path / "i") == {}
    segments = read(root, tmp_path / "i")
    scan(root, tmp_path / "i")
    assert set(catalogued(tmp_path / "i")) == set(FILES)
    assert read(root, tmp_path / "i") == segments


def spoil_middle(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for page in range(4096, len(data) - 4096, 4096):
        data[page : page + 64] = os.urandom(64)
    file.write_bytes(data)


SPOILED: dict[str, Callable[[Path], object]] = {
    "pages": spoil_middle,
    "head": lambda file: file.write_bytes(b"\0" * 100 + file.read_bytes()[100:]),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "empty": lambda file: os.truncate(file, 0),
    "gone": lambda file: file.unlink(),
    "text": lambda file: file.write_text("no database"),
    "newer": lambda file: _change(file, f"PRAGMA user_version = {schema.FORMAT + 1}"),
    "made by another": lambda file: _change(file, "UPDATE made_by SET version = '0.0.1'"),
    "without a table": lambda file: _change(file, "DROP TABLE symbols"),
}


def _change(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_catalog_is_made_anew_and_the_segments_stay(
    root: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    expected = catalogued(tmp_path / "i")
    manifest = layout.load(tmp_path / "i")
    spoil(database(tmp_path / "i"))
    lay_out(root, {"pkg0/mod0.py": "changed = 1\n"})
    with Store(root, tmp_path / "i") as store:
        indexer = Indexer(store, LIMITS)
        try:
            indexer.scan()
            store.catalog.check()
        except CatalogDamaged as fault:
            store.renew_catalog(fault)
            indexer.scan()
    found = catalogued(tmp_path / "i")
    assert {path for path in found if found[path] != expected[path]} == {"pkg0/mod0.py"}
    after = layout.load(tmp_path / "i")
    assert manifest is not None
    assert after is not None
    assert after.segments[0].name == manifest.segments[0].name


def test_a_sound_catalog_passes_its_check_and_gives_way(root: Path, tmp_path: Path) -> None:
    with Store(root, tmp_path / "i") as store:
        assert store.catalog.check()
        lay_out(root, {f"more/{i}.py": f"def f{i}():\n    return {i}\n" for i in range(300)})
        Indexer(store, LIMITS).scan()
        assert not store.catalog.check(lambda: True)
        assert store.catalog.check()


def test_a_full_disk_is_said_and_nothing_is_lost(root: Path, tmp_path: Path) -> None:
    more = {f"more/{i}.py": f"def f{i}(argument):\n    return argument + {i}\n" * 30 for i in range(200)}
    lay_out(root, more)
    with Store(root, tmp_path / "i") as store:
        store.catalog._connection.execute("PRAGMA max_page_count = 60")
        with pytest.raises(IndexFault, match="full"):
            Indexer(store, LIMITS).scan()
    assert set(catalogued(tmp_path / "i")) == set(FILES)
    scan(root, tmp_path / "i")
    assert set(catalogued(tmp_path / "i")) == set(FILES) | set(more)


BAD: dict[str, str | bytes] = {
    "broken.py": "def (:\n  class if\n" * 50,
    "deep.py": "x = " + "(\n" * 10_000 + ")\n" * 10_000,
    "deep.js": "[" * 10_000 + "]\n" * 10_000,
    "deep.c": "int f(){" + "{\n" * 10_000 + "}\n" * 10_000,
    "latin.c": b"/* caf\xe9 */\nint f(void) { return 0; }\n",
    "utf16.cs": "class Größe { int höhe; }\n".encode("utf-16"),
    "return.rb": "def f\r  1\rend\r",
    "scripts.py": "def имя(): pass\ndef 名前(): pass\ndef 이름(): pass\nदेश = 1\n",
    "one-line.go": "package p; func F() {" + "x++; " * 190 + "}",
    "nothing-known.xyz": "some text\nof some kind\n",
    "control.txt": "a\x0bb\x0cc\u2028d\u0085e\n" * 30,
}


def test_bad_input_is_taken_as_it_is(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", BAD)
    scan(root, tmp_path / "i")
    assert set(catalogued(tmp_path / "i")) == set(BAD)
    reader = CatalogReader(root, tmp_path / "i")
    lookup = Lookup([reader])
    found = lookup.definitions(["имя", "名前", "이름"])
    assert [symbol.name for symbol in found] == ["имя", "名前", "이름"]
    assert [symbol.path for symbol in lookup.definitions(["Größe"])] == ["utf16.cs"]
    for path in BAD:
        text = "".join(str(lookup.text(chunk)) for chunk in lookup.chunks_of(root / path))
        assert text == lookup.lines(root / path, 0, 100_000), path
    reader.close()
