import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pilotfish.index import indexer as indexer_module
from pilotfish.index.indexer import Indexer, Progress
from pilotfish.index.reader import IndexReader
from pilotfish.index.store import Store
from pilotfish.index.tiers import choose_merge
from tests.index.workspace import FILES, LONG_AGO_NS, Limits, catalogued, lay_out, read, undisturbed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "ws")


@pytest.fixture
def store(root: Path, tmp_path: Path) -> Iterator[Store]:
    with Store(root, tmp_path / "i") as store:
        yield store


def indexed(store: Store) -> dict[str, str]:
    return read(store.root, store.directory)


def test_everything_that_is_source_is_indexed_and_the_rest_is_remembered(root: Path, store: Store) -> None:
    odd: dict[str, str | bytes] = {
        "latin.py": b"# caf\xe9 au lait\n" * 3,
        "null.c": b"a\0b",
        "empty.py": "",
        "huge.js": b"x" * 50_000_000,
        "min.js": "var a=1;" * 25_000,
        "long.py": "x = 1\n" * 50_000 + "y" * 200_000 + "\n",
        ".env": "PASSWORD=1\n",
        ".gitignore": "ignored/\n",
        "ignored/a.py": "a = 1\n",
    }
    lay_out(root, odd)
    Indexer(store, Limits()).scan()
    assert set(indexed(store)) == {*FILES, "latin.py", "long.py", ".gitignore"}
    assert {path: file.reason for path, file in store.left_out.items()} == {
        "null.c": "binary",
        "empty.py": "empty",
        "huge.js": "large",
        "min.js": "generated",
    }
    assert store.manifest.is_complete


def test_a_walk_that_ends_early_says_so(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer_module, "MAX_FILES", 5)
    indexer = Indexer(store, Limits())
    indexer.scan()
    assert len(indexed(store)) == len(catalogued(store.directory)) == 5
    assert indexer.skipped_in_words() == "everything after 5 files"
    monkeypatch.setattr(indexer_module, "MAX_FILES", len(FILES))
    indexer.scan()
    assert set(indexed(store)) == set(catalogued(store.directory)) == set(FILES)
    assert indexer.skipped_in_words() == ""


def test_a_warm_start_reads_no_file(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(root, {"null.c": b"\0", "huge.js": b"x" * 2_000_000})
    Indexer(store, Limits()).scan()
    generation = store.manifest.generation

    def never(path: Path, limit: int) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(indexer_module, "read_bytes", never)
    Indexer(store, Limits()).scan()
    assert store.manifest.generation == generation


def test_a_touched_file_is_compared_and_not_indexed_again(root: Path, store: Store) -> None:
    Indexer(store, Limits()).scan()
    segments = store.segments
    os.utime(root / "README.md", ns=(LONG_AGO_NS, LONG_AGO_NS + 5))
    Indexer(store, Limits()).scan()
    assert store.segments == segments
    assert store.known["README.md"].stamp.mtime_ns == LONG_AGO_NS + 5


def test_a_change_that_moves_neither_size_nor_time_is_found_if_the_file_was_fresh(
    root: Path, store: Store
) -> None:
    file = root / "fresh.py"
    file.write_text("a = 1\n")
    status = file.stat()
    Indexer(store, Limits()).scan()
    file.write_text("b = 2\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    Indexer(store, Limits()).scan()
    assert indexed(store)["fresh.py"].strip() == "^b = 2"


def test_changed_limits_bring_files_in_and_out(root: Path, store: Store) -> None:
    lay_out(root, {"big.py": "x = 1\n" * 1000})
    for limits, is_in in [
        (Limits(max_file_bytes=100), False),
        (Limits(), True),
        (Limits(max_file_bytes=100), False),
    ]:
        Indexer(store, limits).scan()
        assert ("big.py" in indexed(store)) is is_in
        assert ("big.py" in store.left_out) is not is_in
    Indexer(store, Limits(exclude=("pkg0",))).scan()
    assert not any(path.startswith("pkg0/") for path in indexed(store))


def test_a_file_that_becomes_readable_is_read(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(indexer_module, "read_bytes", lambda path, limit: "unreadable")
        Indexer(store, Limits()).scan()
        assert indexed(store) == {}
        generation = store.manifest.generation
        Indexer(store, Limits()).scan()
        assert store.manifest.generation == generation
    Indexer(store, Limits()).scan()
    assert set(indexed(store)) == set(FILES)
    assert not store.left_out


def test_a_large_workspace_is_committed_in_parts_the_folders_of_open_files_first(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", 60)
    monkeypatch.setattr(indexer_module, "BATCH_BYTES", 200)
    seen: list[set[str]] = []
    progress: list[Progress] = []
    indexer = Indexer(store, Limits(), progress.append, lambda: seen.append(set(indexed(store))))
    indexer.scan(near=lambda: ["pkg2"])
    assert len(seen) > 1
    assert all(path.startswith("pkg2/") for path in seen[0])
    assert set(indexed(store)) == set(FILES)
    assert [step.files for step in progress] == list(range(len(FILES) + 1))
    assert {step.total for step in progress} == {len(FILES)}


def test_what_fills_a_segment_is_merged_in_the_midst_of_a_first_build_and_what_is_saved_meanwhile_counts(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", 30)
    monkeypatch.setattr(indexer_module, "BATCH_BYTES", 30)
    monkeypatch.setattr(indexer_module, "CHEAP_TOKENS", 0)
    monkeypatch.setattr(indexer_module, "choose_merge", partial(choose_merge, max_tokens=60))
    counts: list[int] = []

    def between() -> None:
        counts.append(len(store.segments))
        if len(counts) in (3, 10, 20):
            (root / "pkg0" / "mod0.py").write_text(f"saved = {len(counts)}\n")
            assert indexer.apply(["pkg0/mod0.py"])

    indexer = Indexer(store, Limits(), between=between)
    indexer.scan()
    assert len(counts) > 20
    assert max(counts) <= 5
    found = indexed(store)
    assert set(found) == set(FILES)
    assert found["pkg0/mod0.py"].strip() == "^saved = 20"


def test_a_small_workspace_is_one_segment_at_once(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum((root / path).stat().st_size for path in FILES)
    merged: list[object] = []
    monkeypatch.setattr(Store, "merge", lambda self, *_: merged.append(self.segments))
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", size // 4 + 1)
    Indexer(store, Limits()).scan()
    assert len(store.segments) == len(merged) == 1


def test_what_is_saved_during_a_long_scan_goes_first(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", 60)
    monkeypatch.setattr(indexer_module, "BATCH_BYTES", 200)
    seen: list[str | None] = []

    def save() -> None:
        lay_out(root, {"zzz.py": "late = 1\n"})
        indexer.apply(["zzz.py"])
        seen.append(indexed(store).get("zzz.py"))

    indexer = Indexer(store, Limits(), between=save)
    indexer.scan()
    assert seen[0] is not None
    assert set(indexed(store)) == {*FILES, "zzz.py"}


def test_a_scan_that_is_ended_early_keeps_what_was_committed(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", 60)

    def stop(progress: Progress) -> None:
        if progress.files == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Indexer(store, Limits(), stop).scan()
    assert 0 < len(indexed(store)) < len(FILES)
    assert not store.manifest.is_complete
    Indexer(store, Limits()).scan()
    assert set(indexed(store)) == set(FILES)


def cuts(store: Store) -> list[list[str]]:
    """The files of each segment."""
    view = IndexReader(store.root, store.directory).view()
    return [list(part.segment.paths) for part in view.segments]


def test_a_build_that_was_interrupted_goes_on_at_the_same_cuts(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engine answers depends a little on how the files are cut into segments."""
    monkeypatch.setattr(indexer_module, "FIRST_BATCH_BYTES", 60)
    monkeypatch.setattr(indexer_module, "BATCH_BYTES", 100)
    monkeypatch.setattr(indexer_module, "CHEAP_TOKENS", 0)
    with Store(root, tmp_path / "undisturbed") as store:
        Indexer(store, Limits()).scan(lambda: ["pkg1"])
        expected = cuts(store)
    assert len(expected) > 3
    for files in range(len(FILES)):

        def stop(progress: Progress, files: int = files) -> None:
            if progress.files == files:
                raise KeyboardInterrupt

        directory = tmp_path / f"stopped{files}"
        with Store(root, directory) as store, pytest.raises(KeyboardInterrupt):
            Indexer(store, Limits(), stop).scan(lambda: ["pkg1"])
        with Store(root, directory) as store:
            Indexer(store, Limits()).scan(lambda: ["pkg1"])
            assert cuts(store) == expected


def test_a_lost_root_leaves_the_index_as_it_is(root: Path, store: Store) -> None:
    Indexer(store, Limits()).scan()
    shutil.rmtree(root)
    with pytest.raises(OSError, match="ws"):
        Indexer(store, Limits()).scan()
    assert set(indexed(store)) == set(FILES)


def test_the_cache_may_lie_in_the_workspace(root: Path) -> None:
    with Store(root, root / "cache" / "i") as store:
        for _ in range(2):
            Indexer(store, Limits()).scan()
        assert set(indexed(store)) == set(FILES)


def test_a_home_folder_is_not_walked_to_its_end(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "MAX_FILES", 5)
    Indexer(store, Limits()).scan()
    assert len(indexed(store)) == 5


def check_applied(store: Store, *paths: str) -> None:
    """The changed paths alone lead to what a whole scan would find."""
    assert Indexer(store, Limits()).apply(paths)
    applied = indexed(store)
    generation = store.manifest.generation
    assert generation > 1
    assert applied == undisturbed(store.root, store.directory.with_name("anew"))


def test_single_changes_are_brought_up_to_date(root: Path, store: Store) -> None:
    Indexer(store, Limits()).scan()
    lay_out(root, {"README.md": "# Changed\n", "new/dir/file.rs": "fn main() {}\n"})
    check_applied(store, "README.md", "new/dir/file.rs")
    (root / "README.md").rename(root / "LIESMICH.md")
    check_applied(store, "README.md", "LIESMICH.md")
    (root / "LIESMICH.md").write_bytes(b"\0")
    check_applied(store, "LIESMICH.md")
    shutil.rmtree(root / "pkg1")
    check_applied(store, "pkg1")
    (root / "pkg2" / "mod2.py").unlink()
    (root / "pkg2" / "mod2.py").symlink_to(root / "pkg0" / "mod0.py")
    check_applied(store, "pkg2/mod2.py")


def test_a_branch_switch_is_one_commit(root: Path, store: Store) -> None:
    Indexer(store, Limits()).scan()
    generation = store.manifest.generation
    changed = {f"b/{number}.py": f"x = {number}\n" for number in range(1000)}
    lay_out(root, changed)
    check_applied(store, *changed, "gone/before.py")
    assert store.manifest.generation == generation + 1


@pytest.mark.parametrize("paths", [[".gitignore"], ["a/.ignore"], ["pkg0"], [f"{i}.py" for i in range(2001)]])
def test_some_changes_need_a_scan(store: Store, paths: list[str]) -> None:
    assert not Indexer(store, Limits()).apply(paths)


def test_what_is_left_out_changes_nothing(root: Path, store: Store) -> None:
    lay_out(root, {".gitignore": "out/\n"})
    Indexer(store, Limits()).scan()
    generation = store.manifest.generation
    lay_out(root, {"out/a.py": "a = 1\n", "out/b/c.py": "c = 1\n", ".env": "KEY=1\n"})
    storm = [f"node_modules/{i}/.gitignore" for i in range(3000)]
    changed = ["out/a.py", "out/b/c.py", "out/b", ".env", "../outside.py", "/etc/passwd", *storm]
    assert Indexer(store, Limits()).apply(changed)
    assert store.manifest.generation == generation


class Changes(RuleBasedStateMachine):
    """Whatever happens to the files, reported one by one or found by scans, ends as a build from nothing."""

    names = st.sampled_from(["a.py", "b/a.py", "b/c.py", "b/d/e.py", "f.py"])
    texts = st.sampled_from([b"x = 1\n", b"y = 2\n", b"", b"\0", b"z" * 300, b"*.py\n"])

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.base = Path(self.folder.name)
        self.root, self.changed = self.base / "ws", set[str]()
        self.root.mkdir()
        self.store = Store(self.root, self.base / "i")
        self.limits = Limits(max_file_bytes=200)

    @rule(name=names, text=texts)
    def save(self, name: str, text: bytes) -> None:
        lay_out(self.root, {name: text})
        os.utime(self.root / name)
        self.changed.add(name)

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)
        self.changed.add(name)

    @rule(old=names, new=names)
    def rename(self, old: str, new: str) -> None:
        if (self.root / old).exists():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            (self.root / old).rename(self.root / new)
            self.changed |= {old, new}

    @rule()
    def report(self) -> None:
        assert Indexer(self.store, self.limits).apply(self.changed)
        self.changed.clear()

    @rule()
    def scan(self) -> None:
        Indexer(self.store, self.limits).scan()
        self.changed.clear()

    @rule()
    def merge(self) -> None:
        self.store.merge()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store(self.root, self.base / "i")

    @invariant()
    def is_as_built_anew(self) -> None:
        if hasattr(self, "store") and not self.changed:
            shutil.rmtree(self.base / "anew", ignore_errors=True)
            anew = undisturbed(self.root, self.base / "anew", self.limits)
            assert read(self.root, self.base / "i") == anew
            assert catalogued(self.base / "i") == catalogued(self.base / "anew")

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


Changes.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestChanges = Changes.TestCase
