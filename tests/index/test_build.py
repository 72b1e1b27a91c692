from pathlib import Path

import pytest

from pilotfish.errors import IndexBusy, InputError
from pilotfish.index.build import build
from pilotfish.index.indexer import Progress
from pilotfish.index.store import Store
from tests.index.workspace import FILES, LIMITS, Limits, lay_out, read


def test_a_build_reports_what_it_did(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", {**FILES, "a.bin.py": b"\0", "big.py": "x = 1\n" * 200})
    progress: list[Progress] = []
    report = build(root, tmp_path / "i", Limits(max_file_bytes=1000), progress.append)
    assert (report.files, report.skipped) == (len(FILES), {"binary": 1, "large": 1})
    assert report.source_bytes == sum(len(text.encode()) for text in FILES.values())
    on_disk = sum(path.stat().st_size for path in (tmp_path / "i" / "segments").rglob("*.*"))
    assert report.index_bytes == on_disk
    assert report.tokens > 0
    assert report.seconds > 0
    assert progress[-1] == Progress(len(FILES) + 2, len(FILES) + 2)
    assert set(read(root, tmp_path / "i")) == set(FILES)
    again = build(root, tmp_path / "i", Limits(max_file_bytes=1000))
    assert (again.files, again.tokens, again.index_bytes) == (report.files, report.tokens, report.index_bytes)


def test_an_index_can_be_built_anew_and_within_a_budget(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws")
    build(root, tmp_path / "i", LIMITS)
    report = build(root, tmp_path / "i", Limits(max_tokens=50), rebuild=True)
    assert report.files + report.skipped["beyond_budget"] == len(FILES)
    assert 0 < report.files < len(FILES)


def test_what_cannot_be_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        build(tmp_path / "nowhere", tmp_path / "i", LIMITS)
    root = lay_out(tmp_path / "ws")
    with Store(root, tmp_path / "i"), pytest.raises(IndexBusy, match="another pilotfish"):
        build(root, tmp_path / "i", LIMITS)
