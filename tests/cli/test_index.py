import json
from pathlib import Path

import pytest

from pilotfish.cli.main import main
from pilotfish.index.store import Store
from pilotfish.platform.paths import index_directory
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
    assert "1 binary" in said


def test_an_index_that_an_editor_keeps_is_counted_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    before, _ = stats(root, capsys)
    with Store(root.resolve(), index_directory(root)):
        report, said = stats(root, capsys)
        assert "another pilotfish" in said
        assert report["counts"] == before["counts"]
        assert main(["index", str(root)]) == 2
