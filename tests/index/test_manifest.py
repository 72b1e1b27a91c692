import json
from pathlib import Path

import pytest

from pilotfish.errors import IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index.manifest import MANIFEST, Manifest, SegmentEntry, load, new_name, save

A = SegmentEntry(new_name(7), new_name(8), files=3, tokens=100, size_bytes=900, dead=(0, 2))
B = SegmentEntry(new_name(9), new_name(9), files=5, tokens=50, size_bytes=500)
WHOLE = Manifest(9, is_complete=True, left_out=new_name(9), segments=(A, B))


def test_a_manifest_is_read_as_it_was_saved(tmp_path: Path) -> None:
    assert load(tmp_path) is None
    save(tmp_path, WHOLE)
    assert load(tmp_path) == WHOLE
    assert (WHOLE.files, WHOLE.tokens, WHOLE.size_bytes) == (6, 150, 1400)
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def check_refused(directory: Path, data: bytes) -> None:
    (directory / MANIFEST).write_bytes(data)
    with pytest.raises(IndexFault):
        load(directory)


@pytest.mark.parametrize("cut", [0, 1, 50, -1])
def test_a_cut_manifest_is_damaged(tmp_path: Path, cut: int) -> None:
    save(tmp_path, WHOLE)
    check_refused(tmp_path, (tmp_path / MANIFEST).read_bytes()[:cut])


def test_a_changed_byte_anywhere_in_the_body_is_noticed(tmp_path: Path) -> None:
    save(tmp_path, WHOLE)
    check_refused(tmp_path, (tmp_path / MANIFEST).read_bytes().replace(b'"files": 5', b'"files": 6'))


@pytest.mark.parametrize(
    "data", [b"null", b"[]", b"{}", b'{"format": 1}', b"\xff", b"[" * 100_000, b'{"format": 99}']
)
def test_anything_else_is_damaged(tmp_path: Path, data: bytes) -> None:
    check_refused(tmp_path, data)


@pytest.mark.parametrize("name", ["../../etc", "/etc", "a", "", "000001-0000000g", 5, None])
def test_a_planted_name_cannot_lead_out_of_the_directory(tmp_path: Path, name: object) -> None:
    save(tmp_path, WHOLE)
    document = json.loads((tmp_path / MANIFEST).read_bytes())
    document["body"]["segments"][0]["name"] = name
    document["checksum"] = layout._checksum(document["body"])
    check_refused(tmp_path, json.dumps(document).encode())


def test_when_it_cannot_be_replaced_the_former_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, WHOLE)

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        save(tmp_path, Manifest(10))
    assert load(tmp_path) == WHOLE
