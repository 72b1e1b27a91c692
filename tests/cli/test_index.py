import asyncio
import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from pilotfish.cli.main import main
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.store import Store
from pilotfish.index.vectors import Vectors, row_bytes
from pilotfish.platform.cache import AsyncCache, Cache
from pilotfish.platform.paths import embeddings_directory, index_directory
from tests.index.workspace import lay_out

FILES: dict[str, str | bytes] = {
    "a.py": "import os\n\n\ndef one(path):\n    return os.stat(path)\n",
    "copy/a.py": "import os\n\n\ndef one(path):\n    return os.stat(path)\n",
    "b.go": "package b\n\nfunc Two() int { return 2 }\n",
    "notes.txt": "two notes\n",
    "data.py": b"\0",
}


def stats(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, object], str]:
    assert main(["index", str(root), "--stats", "--json", "-"]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert isinstance(report, dict)
    return report, captured.err


def test_what_an_index_holds_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    report, said = stats(root, capsys)
    assert report["files"] == 4
    assert report["skipped"] == {"binary": 1}
    counts, languages = report["counts"], report["languages"]
    assert isinstance(counts, dict)
    assert isinstance(languages, dict)
    assert set(languages) == {"python", "go", "plaintext"}
    python = languages["python"]
    assert (python["files"], python["contents"], python["lines"]) == (2, 1, 5)
    assert (python["symbols"], python["imports"]) == (1, 1)
    assert python["references"] > 0
    for name, number in counts.items():
        assert number == sum(each[name] for each in languages.values())
    assert counts["bytes"] == sum(len(FILES[path]) for path in ("a.py", "b.go", "notes.txt"))
    on_disk = report["bytes_on_disk"]
    assert isinstance(on_disk, dict)
    assert on_disk["catalogs"] > 0
    assert on_disk["segments"] == report["index_bytes"]
    assert "python" in said
    assert "left out: 1 binary\n" in said
    assert "1 of the files are copies" in said


def test_what_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path / "ws", {"a.py": "a = 1\n"})
    (root / "line\nend.py").write_text("b = 2\n")
    assert main(["index", str(root)]) == 0
    assert "left out: 1 unreadable; not readable: line\\nend.py" in capsys.readouterr().out


def test_what_is_known_by_its_lines_only_is_named_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def definitions_of(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("pilotfish.syntax.outline.definitions_of", definitions_of)
    root = lay_out(tmp_path / "ws", {"a.py": "def a(): ...\n"})
    assert main(["index", str(root)]) == 0
    assert "without symbols, as reading them failed: a.py\n" in capsys.readouterr().out
    assert main(["index", str(root)]) == 0
    assert "without symbols" not in capsys.readouterr().out


def test_an_index_that_an_editor_keeps_is_counted_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    before, _ = stats(root, capsys)
    with Store(root.resolve(), index_directory(root)):
        report, said = stats(root, capsys)
        assert "another pilotfish" in said
        assert report["counts"] == before["counts"]
        assert main(["index", str(root), "--rebuild"]) == 2
        assert "pilotfish.reindex" in " ".join(capsys.readouterr().err.split())
        assert main(["index", str(root)]) == 2


async def _make_vectors(root: Path, maker: str, count: int, seconds: float) -> None:
    """Keep vectors of the first chunks, as a session does."""
    with closing(CatalogReader(root, index_directory(root))) as reader:
        chunks = Lookup([reader]).chunks_after(root, 0, count)
    cache = AsyncCache(Cache(embeddings_directory(), 10_000_000))
    await Vectors(cache, maker).put_many({each.hash: np.ones(8, np.float32) for each in chunks}, seconds)
    await cache.aclose()


def test_vectors_are_counted_for_each_who_made_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    report, said = stats(root, capsys)
    assert report["vectors"] == []
    assert "none are kept" in said
    asyncio.run(_make_vectors(root, "http://127.0.0.1:1 some-model", 2, seconds=0.5))
    asyncio.run(_make_vectors(root, "http://127.0.0.1:1 other-model", 1, seconds=0.0))
    report, said = stats(root, capsys)
    assert isinstance(report["vectors"], list)
    some, other = report["vectors"]
    assert (some["maker"], some["pieces"], some["made"]) == ("http://127.0.0.1:1 some-model", 3, 2)
    assert (some["bytes"], some["per_second"]) == (2 * row_bytes(8), 4.0)
    assert (other["made"], other["per_second"]) == (1, 0.0)
    assert "some-model: 2 of 3 chunks" in said
    assert "1 still to do, at 4.0 a second" in said


def test_damaged_notes_on_vectors_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    for makers, made in ((b'[1, "m"]', b"x"), (b'["m"]', b"[1]"), (b"{", b""), (b"{}", b"")):
        with closing(Cache(embeddings_directory(), 10_000_000)) as cache:
            cache.put_many({"makers": makers, "m made": made})
        assert stats(root, capsys)[0]["vectors"] == []
