import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pilotfish.errors import IndexBusy, IndexFault
from pilotfish.index import garbage
from pilotfish.index import manifest as layout
from pilotfish.index import store as store_module
from pilotfish.index.reader import IndexReader
from pilotfish.index.stamps import LeftOut, Stamp
from pilotfish.index.store import Store
from pilotfish.index.view import SourceFile
from tests.index.workspace import contents, read

ROOT = Path("/workspace")


def stamped(*paths: str, text: str = "x = 1\n") -> Iterator[tuple[SourceFile, Stamp]]:
    for path in paths:
        yield SourceFile(path, text), Stamp(len(text), 1, text.encode().ljust(16)[:16])


def segments_on_disk(directory: Path) -> set[str]:
    return {path.name for path in (directory / layout.SEGMENTS).iterdir()}


def test_readers_see_what_was_committed_and_not_before(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py", "b.py"))
        assert read(ROOT, tmp_path / "i") == {}
        assert store.commit()
        assert set(read(ROOT, tmp_path / "i")) == {"a.py", "b.py"}
        store.add(stamped("b.py", text="y = 2\n"))
        store.forget(["a.py"])
        assert set(read(ROOT, tmp_path / "i")) == {"a.py", "b.py"}
        assert store.commit()
        assert {path: text.strip() for path, text in read(ROOT, tmp_path / "i").items()} == {"b.py": "^y = 2"}
        assert not store.commit()


def test_a_store_is_opened_as_it_was_committed(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py", "b.py", "c.py"))
        store.leave_out({"big.py": LeftOut(9, 9, "large")})
        store.touch("b.py", Stamp(6, 77, b"n" * 16))
        store.forget(["a.py"])
        store.commit(is_complete=True)
        store.add(stamped("lost.py"))
        before = store.known.copy()
        del before["lost.py"]
    with Store(ROOT, tmp_path / "i") as store:
        assert store.known == before
        assert store.known["b.py"].stamp.mtime_ns == 77
        assert store.left_out == {"big.py": LeftOut(9, 9, "large")}
        assert store.manifest.is_complete
        assert segments_on_disk(tmp_path / "i") == set(store.segments)


def test_a_file_is_known_or_left_out_and_never_both(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.leave_out({"a.py": LeftOut(9, 9, "binary")})
        store.commit()
        assert (set(store.known), set(store.left_out)) == (set(), {"a.py"})
        store.add(stamped("a.py"))
        store.commit()
        assert (set(store.known), set(store.left_out)) == ({"a.py"}, set())


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i"), pytest.raises(IndexBusy):
        Store(ROOT, tmp_path / "i")
    Store(ROOT, tmp_path / "i").close()


def test_merging_keeps_what_counts_and_nothing_else(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        for number in range(20):
            store.add(stamped(f"f{number}.py", "again.py", text=f"x = {number}\n"))
            store.commit()
        store.forget(["f3.py"])
        store.commit()
        before = read(ROOT, tmp_path / "i")
        while store.merge():
            assert read(ROOT, tmp_path / "i") == before
        assert len(store.segments) <= 5
        assert "f3.py" not in before
        assert before["again.py"].strip() == "^x = 19"
        known = dict(store.known)
    with Store(ROOT, tmp_path / "i") as store:
        assert store.known == known


def test_what_changes_while_segments_are_merged_counts(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("saved.py", "gone.py", "touched.py", "kept.py"))
        store.add(stamped("alone.py", text="alone = 1\n"))
        store.add(stamped("other.py", text="other = 1\n"))
        store.commit()
        touched = store.known["touched.py"].stamp._replace(mtime_ns=7)
        steps = 0

        def between() -> None:
            nonlocal steps
            steps += 1
            if steps == 1:
                store.add(stamped("saved.py", "new.py", text="saved = 2\n"))
                store.forget(["gone.py", "alone.py"])
                store.touch("touched.py", touched)
                store.commit()

        assert store.merge(between)
        assert steps > 1
        found, known = read(ROOT, tmp_path / "i"), dict(store.known)
        assert set(found) == set(known) == {"saved.py", "new.py", "touched.py", "kept.py", "other.py"}
        assert found["saved.py"].strip() == "^saved = 2"
        assert known["touched.py"].stamp == touched
    with Store(ROOT, tmp_path / "i") as store:
        assert store.known == known


def test_what_nobody_names_is_deleted_two_generations_later(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.commit()
        (first,) = store.segments
        for number in range(3):
            assert first in segments_on_disk(tmp_path / "i")
            store.add(stamped("a.py", text=f"x = {number}\n"))
            store.commit()
        assert first not in segments_on_disk(tmp_path / "i")
        assert len(list((tmp_path / "i" / layout.STAMPS).iterdir())) <= 3


def test_what_cannot_be_deleted_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "mapped by a reader")

    with Store(ROOT, tmp_path / "i") as store:
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", refuse)
            for number in range(5):
                store.add(stamped("a.py", text=f"x = {number}\n"))
                store.commit()
            assert len(segments_on_disk(tmp_path / "i")) == 5
        store.add(stamped("a.py", text="x = 5\n"))
        store.commit()
        assert len(segments_on_disk(tmp_path / "i")) == 3


def damage_manifest(directory: Path) -> None:
    (directory / layout.MANIFEST).write_bytes(b'{"format": 1, "body"')


def another_version(directory: Path) -> None:
    (directory / layout.MANIFEST).write_bytes(b'{"format": 0}')


def lose_a_segment(directory: Path) -> None:
    shutil.rmtree(next((directory / layout.SEGMENTS).iterdir()))


def cut_a_segment(directory: Path) -> None:
    data = next((directory / layout.SEGMENTS).glob("*/data.bin"))
    os.truncate(data, data.stat().st_size - 1)


def damage_stamps(directory: Path) -> None:
    next((directory / layout.STAMPS).iterdir()).write_bytes(b"")


def swap_stamps(directory: Path) -> None:
    first, second = sorted((directory / layout.STAMPS).iterdir())
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


DAMAGE = [damage_manifest, another_version, lose_a_segment, cut_a_segment, damage_stamps, swap_stamps]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_thrown_away(
    tmp_path: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(damage)
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.add(stamped("b.py", "c.py"))
        store.commit()
    damage(tmp_path / "i")
    with Store(ROOT, tmp_path / "i") as store:
        assert not store.known
        assert store.manifest.segments == ()
        assert store.is_current
        assert "built anew" in caplog.text
        assert segments_on_disk(tmp_path / "i") == set()
        store.add(stamped("a.py"))
        store.commit()
    assert set(read(ROOT, tmp_path / "i")) == {"a.py"}


def test_a_flipped_bit_is_found_by_verifying_and_only_that_segment_goes(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.add(stamped("b.py"))
        store.commit()
        first, second = store.segments
        data = tmp_path / "i" / layout.SEGMENTS / first / "data.bin"
        content = bytearray(data.read_bytes())
        content[70] ^= 1
        data.write_bytes(content)
        assert not store.verify(first)
        assert store.verify(second)
        store.commit()
        assert set(store.known) == {"b.py"}
    assert set(read(ROOT, tmp_path / "i")) == {"b.py"}


def test_a_deleted_or_foreign_directory_is_no_longer_current(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.commit()
        assert store.is_current
        (name,) = store.segments
        (tmp_path / "i" / layout.SEGMENTS / name).rename(tmp_path / "elsewhere")
        assert not store.is_current
        (tmp_path / "elsewhere").rename(tmp_path / "i" / layout.SEGMENTS / name)
        assert store.is_current
        shutil.rmtree(tmp_path / "i")
        assert not store.is_current


def test_a_full_disk_is_one_sentence_and_leaves_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.commit()
        before = segments_on_disk(tmp_path / "i")

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(IndexFault, match=r"cannot.*No space left on device"):
            store.add(stamped("b.py"))
        assert segments_on_disk(tmp_path / "i") == before
        store.forget(["a.py"])
        with pytest.raises(IndexFault, match="No space left on device"):
            store.commit()
        monkeypatch.undo()
    assert set(read(ROOT, tmp_path / "i")) == {"a.py"}


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(IndexFault, match="cannot"):
        Store(ROOT, tmp_path / "file" / "i")


def test_the_directory_is_private_and_marked_as_a_cache(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i"):
        assert (tmp_path / "i").stat().st_mode & 0o777 == 0o700
        assert (
            (tmp_path / "i" / "CACHEDIR.TAG")
            .read_text()
            .startswith("Signature: 8a477f597d28d172789f06886806bc55")
        )


def test_a_reader_keeps_its_view_while_the_index_goes_on_and_is_thrown_away(tmp_path: Path) -> None:
    with Store(ROOT, tmp_path / "i") as store:
        store.add(stamped("a.py"))
        store.commit()
        reader = IndexReader(ROOT, tmp_path / "i")
        view = reader.view()
        for number in range(4):
            store.add(stamped("a.py", text=f"x = {number}\n"))
            store.commit()
        store.discard()
        assert contents(view)["a.py"].strip() == "^x = 1"
        assert contents(reader.view()) == {}
        assert reader.view().generation > view.generation


class _Killed(BaseException):
    pass


class _Life:
    """Lets a process take `steps` steps, then kills it: it writes and deletes nothing any more."""

    def __init__(self, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = steps
        self._fsync, self._delete = os.fsync, garbage.delete
        monkeypatch.setattr(os, "fsync", self.step)
        monkeypatch.setattr(garbage, "delete", self.delete)
        monkeypatch.setattr(store_module, "delete", self.delete)

    def step(self, descriptor: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Killed
        self._fsync(descriptor)

    def delete(self, path: Path) -> bool:
        return self.left >= 0 and self._delete(path)


def test_killed_at_any_step_the_index_is_what_it_was_or_what_it_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write to the disk ends in an fsync; the process dies at each of them in turn."""
    directory = tmp_path / "i"
    with Store(ROOT, directory) as store:
        store.add(stamped("a.py", "b.py"))
        store.add(stamped("c.py", "d.py"))
        store.leave_out({"x.bin": LeftOut(1, 1, "binary")})
        store.commit()
    before, after = {"a.py", "b.py", "c.py", "d.py"}, {"a.py", "b.py", "d.py", "e.py"}
    survived = []
    for steps in range(50):
        trial = tmp_path / f"trial{steps}"
        shutil.copytree(directory, trial)
        with monkeypatch.context() as patch, suppress(_Killed), Store(ROOT, trial) as store:
            life = _Life(steps, patch)
            store.add(stamped("b.py", "e.py", text="new = 1\n"))
            store.leave_out({"c.py": LeftOut(1, 1, "binary")})
            store.commit()
            while store.merge():
                pass
        survived.append(set(read(ROOT, trial)))
        with Store(ROOT, trial) as store:
            assert set(store.known) == survived[-1]
            assert segments_on_disk(trial) == set(store.segments)
        if life.left >= 0:
            break
    turn = survived.index(after)
    assert turn > 5
    assert survived == [before] * turn + [after] * (len(survived) - turn)
