import shutil
from pathlib import Path

import pytest

from pilotfish.index import manifest as layout
from pilotfish.index.reader import IndexReader, join_views
from pilotfish.index.store import Store
from pilotfish.index.view import IndexView
from tests.index.workspace import FILES, contents, lay_out, scan


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "ws")


@pytest.fixture
def directory(root: Path, tmp_path: Path) -> Path:
    scan(root, tmp_path / "i")
    return tmp_path / "i"


def test_an_index_that_is_not_there_is_empty_and_no_fault(tmp_path: Path) -> None:
    reader = IndexReader(tmp_path, tmp_path / "none")
    assert reader.view() == IndexView(roots=(tmp_path,))
    assert reader.fault is None


def test_a_new_generation_is_picked_up_and_segments_are_kept_open(root: Path, directory: Path) -> None:
    reader = IndexReader(root, directory)
    first = reader.view()
    assert set(contents(first)) == set(FILES)
    assert reader.view() is first
    lay_out(root, {"new.py": "new = 1\n"})
    scan(root, directory)
    second = reader.view()
    assert second.generation > first.generation
    assert set(contents(second)) == {*FILES, "new.py"}
    assert second.segments[0].segment is first.segments[0].segment
    assert (second.files, second.roots) == (len(FILES) + 1, (root,))


def test_nothing_is_read_when_nothing_has_changed(
    root: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = IndexReader(root, directory)
    view = reader.view()

    def never(self: Path) -> bytes:
        raise AssertionError("read")

    monkeypatch.setattr(Path, "read_bytes", never)
    assert reader.view() is view


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 99}'])
def test_a_damaged_manifest_is_a_fault_until_it_is_whole_again(
    root: Path, directory: Path, content: bytes
) -> None:
    reader = IndexReader(root, directory)
    manifest = directory / layout.MANIFEST
    whole = manifest.read_bytes()
    manifest.write_bytes(content)
    assert reader.view().segments == ()
    assert reader.fault
    manifest.write_bytes(whole)
    assert set(contents(reader.view())) == set(FILES)
    assert reader.fault is None


def test_a_lost_segment_is_a_fault_and_the_others_are_used(root: Path, directory: Path) -> None:
    lay_out(root, {"new.py": "new = 1\n"})
    scan(root, directory)
    first = sorted((directory / layout.SEGMENTS).iterdir())[0]
    shutil.rmtree(first)
    reader = IndexReader(root, directory)
    view = reader.view()
    assert [list(part.segment.paths) for part in view.segments] == [["new.py"]]
    assert reader.fault is not None


def test_a_deleted_cache_is_an_empty_index(root: Path, directory: Path) -> None:
    reader = IndexReader(root, directory)
    view = reader.view()
    shutil.rmtree(directory)
    assert reader.view().segments == ()
    assert reader.fault is None
    assert set(contents(view)) == set(FILES)


def test_a_segment_dropped_while_it_is_being_opened_is_no_fault(
    root: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer merges between the reader's look at the manifest and its opening of the segments."""
    reader = IndexReader(root, directory)
    load = layout.load

    def slow(path: Path) -> layout.Manifest | None:
        manifest = load(path)
        monkeypatch.undo()
        with Store(root, directory) as store:
            store.discard()
        scan(root, directory)
        return manifest

    monkeypatch.setattr(layout, "load", slow)
    assert set(contents(reader.view())) == set(FILES)
    assert reader.fault is None


def test_a_closed_reader_lets_go_and_can_read_again(root: Path, directory: Path) -> None:
    reader = IndexReader(root, directory)
    view = reader.view()
    reader.close()
    assert set(contents(view)) == set(FILES)
    assert set(contents(reader.view())) == set(FILES)


def test_views_of_several_folders_are_joined(root: Path, directory: Path, tmp_path: Path) -> None:
    other = lay_out(tmp_path / "other", {"only.go": "package only\n"})
    scan(other, tmp_path / "j")
    views = [IndexReader(root, directory).view(), IndexReader(other, tmp_path / "j").view()]
    joint = join_views(views)
    assert joint.roots == (root, other)
    assert (joint.files, joint.tokens) == (len(FILES) + 1, views[0].tokens + views[1].tokens)
    assert {part.root for part in joint.segments} == {root, other}
    assert join_views([]) == IndexView()
