import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pilotfish.errors import IndexFault
from pilotfish.index import build_segment, token_stream
from pilotfish.index import context_order as context_order_module
from pilotfish.index.build_segment import merge_segments, write_segment
from pilotfish.index.context_order import ORDER_DEPTH, Numbers, context_order
from pilotfish.index.segment import Segment, Texts, path_id
from pilotfish.index.segment_header import DATA, HEADER, read_paths
from pilotfish.index.token_stream import RARE
from pilotfish.index.view import SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import FILE, lex, token_id

FILES = [
    SourceFile("a/one.py", "def f(x):\n    return x + 1\n"),
    SourceFile("a/two.py", "def g(x):\n    return x + 2\n"),
    SourceFile("empty.txt", ""),
    SourceFile("b/größe.ts", "const größe = 日本語;\r\nconst 😀 = '\ud800';"),
]


def written(directory: Path, files: list[SourceFile]) -> Segment:
    write_segment(directory, files)
    return Segment.open(directory)


def spelled(segment: Segment) -> list[list[str]]:
    starts = segment.starts.tolist()
    return [
        [segment.texts[number] for number in segment.stream[start:end].tolist()]
        for start, end in pairwise(starts)
    ]


def content(directory: Path) -> list[bytes]:
    return [(directory / name).read_bytes() for name in (DATA, HEADER)]


def test_a_segment_gives_back_what_was_written(tmp_path: Path) -> None:
    info = write_segment(tmp_path, FILES)
    segment = Segment.open(tmp_path)
    segment.verify()
    assert list(segment.paths) == [file.path for file in FILES]
    assert read_paths(tmp_path) == list(segment.paths)
    assert segment.paths[1:3] == ["a/two.py", "empty.txt"]
    assert spelled(segment) == [lex(file.text) for file in FILES]
    assert (info.files, info.tokens) == (len(FILES), segment.tokens)
    assert segment.texts[int(segment.stream[-1])] == FILE
    assert info.bytes == sum(file.stat().st_size for file in tmp_path.iterdir())
    assert segment.path_ids[0] == path_id("a/one.py")
    assert segment.folder_ids.tolist() == [path_id(folder) for folder in ("a", "a", "", "b")]


def test_tokens_are_found_by_identity(tmp_path: Path) -> None:
    segment = written(tmp_path, FILES)
    assert segment.spelling(token_id(" return")) is None
    assert segment.spelling(token_id("return")) == "return"
    ids = np.array([token_id("nowhere"), token_id(FILE)], np.uint64)
    unknown, known = segment.numbers(ids).tolist()
    assert unknown == len(segment.vocabulary)
    assert segment.texts[known] == FILE
    assert segment.file_of(segment.starts[:-1]).tolist() == [0, 1, 2, 3]


def test_an_empty_segment_is_a_segment(tmp_path: Path) -> None:
    segment = written(tmp_path, [])
    segment.verify()
    assert (segment.tokens, len(segment.paths), len(segment.vocabulary)) == (0, 0, 0)
    assert segment.spelling(token_id("x")) is None


@pytest.mark.parametrize("slice_tokens", [1000, 50, 1])
def test_positions_are_sorted_by_what_stands_before_them(
    slice_tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context_order_module, "SLICE_TOKENS", slice_tokens)
    stream = np.random.default_rng(1).integers(0, 3, 500).astype(np.uint32)
    numbers: list[int] = stream.tolist()

    def before(position: int) -> list[int]:
        return ([3] * ORDER_DEPTH + numbers[:position])[-ORDER_DEPTH:][::-1]

    order = finish(context_order(stream, 3)).tolist()
    assert order == sorted(range(500), key=lambda place: (before(place), place))
    same: Numbers = np.zeros(500, np.uint32)
    order = finish(context_order(same, 1)).tolist()
    assert sorted(order) == list(range(500))
    assert order[-ORDER_DEPTH:] == list(range(ORDER_DEPTH))[::-1]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_segment(tmp_path / name, FILES)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_a_merge_is_what_lexing_the_living_files_would_give(tmp_path: Path) -> None:
    first = SegmentView(tmp_path, written(tmp_path / "first", FILES[:2]), frozenset([0]))
    second = SegmentView(tmp_path, written(tmp_path / "second", FILES[2:]))
    info = finish(merge_segments(tmp_path / "merged", [first, second]))
    assert info == write_segment(tmp_path / "fresh", FILES[1:])
    assert content(tmp_path / "merged") == content(tmp_path / "fresh")
    assert finish(merge_segments(tmp_path / "nothing", [])).tokens == 0


def test_a_full_vocabulary_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = written(tmp_path / "other", [SourceFile("x", "a a a a"), SourceFile("y", "b w0")])
    for module in (build_segment, token_stream):
        monkeypatch.setattr(module, "VOCABULARY_LIMIT", 3)
    segment = written(tmp_path, [SourceFile("many", " ".join(f"w{n}" for n in range(50)))])
    assert set(segment.texts) == {FILE, "w0", RARE}
    assert segment.tokens == 52
    finish(merge_segments(tmp_path / "all", [SegmentView(tmp_path, one) for one in (segment, other)]))
    merged = Segment.open(tmp_path / "all")
    assert set(merged.texts) == {FILE, " a", RARE}
    assert merged.tokens == segment.tokens + other.tokens - 1


def test_a_word_is_counted_in_all_files_and_in_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_segment, "_FILES_AT_ONCE", 2)
    segment = written(tmp_path, [SourceFile(f"{n}.txt", "a b a" if n % 2 else "a c") for n in range(5)])
    a, b, first = segment.numbers(
        np.array([token_id("a"), token_id(" b"), token_id(FILE)], np.uint64)
    ).tolist()
    assert (segment.spread[a], segment.spread[b], segment.spread[first]) == (5, 2, 5)
    counts = np.diff(segment.ends, prepend=0)
    assert (counts[a], counts[b], counts[first]) == (5, 2, 5)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no header": lambda folder: (folder / HEADER).unlink(),
    "half a header": lambda folder: (folder / HEADER).write_bytes((folder / HEADER).read_bytes()[:-20]),
    "a changed header": lambda folder: (folder / HEADER).write_bytes(
        (folder / HEADER).read_bytes().replace(b'"tokens": ', b'"tokens": 1')
    ),
    "another format": lambda folder: (folder / HEADER).write_bytes(
        (folder / HEADER).read_bytes().replace(b'"format": 5', b'"format": 4')
    ),
    "not a header": lambda folder: (folder / HEADER).write_text("[]"),
    "no data": lambda folder: (folder / DATA).unlink(),
    "empty data": lambda folder: (folder / DATA).write_bytes(b""),
    "half the data": lambda folder: (folder / DATA).write_bytes((folder / DATA).read_bytes()[:300]),
    "nothing at all": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_segment_is_refused(damage: str, tmp_path: Path) -> None:
    write_segment(tmp_path / "segment", FILES)
    DAMAGES[damage](tmp_path / "segment")
    for read in (Segment.open, read_paths):
        with pytest.raises(IndexFault):
            read(tmp_path / "segment")


def test_a_flipped_byte_is_found_by_verify(tmp_path: Path) -> None:
    write_segment(tmp_path, FILES)
    data = bytearray((tmp_path / DATA).read_bytes())
    data[100] ^= 1
    (tmp_path / DATA).write_bytes(data)
    with pytest.raises(IndexFault, match="checksum"):
        Segment.open(tmp_path).verify()


def test_texts_that_are_none_are_a_fault(tmp_path: Path) -> None:
    write_segment(tmp_path, FILES)
    data = (tmp_path / DATA).read_bytes()
    for damage in (data.replace(b"return", b"\xff" * 6), data.replace(b"a/two.py", b"\xff" * 8)):
        (tmp_path / DATA).write_bytes(damage)
        segment = Segment.open(tmp_path)
        with pytest.raises(IndexFault, match="no text"):
            assert list(segment.texts) + list(segment.paths)
    with pytest.raises(IndexFault, match="checksum of path"):
        read_paths(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexFault, match="file"):
        write_segment(tmp_path / "file" / "segment", FILES)


def test_closing_waits_for_whoever_still_reads(tmp_path: Path) -> None:
    segment = written(tmp_path, FILES)
    stream = segment.stream
    segment.close()
    assert len(stream) > 0


def test_texts_are_had_one_by_one_many_at_once_and_counted(tmp_path: Path) -> None:
    text = "def f():\n    é = 1\n\n\n\n    return é\n"
    write_segment(tmp_path / "s", [SourceFile("a.py", text), SourceFile("é.py", "x = 1\n" * 2_000)])
    segment = Segment.open(tmp_path / "s")
    every = list(segment.texts)
    assert every == [segment.texts[number] for number in range(len(segment.texts))]
    assert segment.texts.some([3, 0, 3]) == [every[3], every[0], every[3]]
    assert segment.texts[-2:] == every[-2:]
    assert list(segment.paths) == ["a.py", "é.py"]
    assert segment.line_ends.tolist() == [text.count("\n") for text in every[segment.first_break :]]
    assert max(segment.line_ends) == 3
    assert not any("\n" in text for text in every[: segment.first_break])
    assert Texts(np.zeros(0, np.uint8), np.zeros(0, np.uint32)).how_many(b"\n", 0).tolist() == []
