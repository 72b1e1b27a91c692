import random
from pathlib import Path

import numpy as np
import pytest

from pilotfish.engine.places import DEPTH, Corpus, SegmentSource
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Ids, Segment
from pilotfish.index.view import SourceFile
from pilotfish.syntax.lexer import FILE, token_id

WORDS = ["a", " b", "(", ")", " =", " c"]


def context_of(*tokens: str) -> Ids:
    """As the sources want it: the last token first, padded with 0."""
    ids = [token_id(token) for token in reversed(tokens)][:DEPTH]
    return np.array(ids + [0] * (DEPTH - len(ids)), np.uint64)


def random_text(seed: int, lines: int) -> str:
    chosen = random.Random(seed)
    return "\n".join("".join(chosen.choices(WORDS, k=chosen.randrange(2, 9))).strip() for _ in range(lines))


def segment_of(directory: Path, *texts: str) -> Segment:
    write_segment(directory, [SourceFile(f"{number}.py", text) for number, text in enumerate(texts)])
    return Segment.open(directory)


def true_lengths(ids: list[int], context: list[int]) -> list[int]:
    """For each position of a token stream how many tokens before it equal the context's."""
    lengths = []
    for position in range(len(ids)):
        length = 0
        while length < min(position, DEPTH) and ids[position - 1 - length] == context[length]:
            length += 1
        lengths.append(length)
    return lengths


@pytest.mark.parametrize("seed", range(6))
def test_the_longest_matches_of_a_segment_are_found(seed: int, tmp_path: Path) -> None:
    segment = segment_of(tmp_path, random_text(seed, 300), random_text(seed + 1, 300))
    ids = segment.vocabulary[segment.stream].tolist()
    at = random.Random(seed).sample(range(DEPTH, len(ids)), 5)
    contexts = np.array([ids[position - DEPTH : position][::-1] for position in at], np.uint64)
    contexts[0, 7] = token_id("nowhere")
    width = 40
    places = SegmentSource(segment, np.ones(2)).places(contexts, width, source=3)
    for row, context in enumerate(contexts.tolist()):
        own = places[places.row == row]
        truth = true_lengths(ids, context)
        assert own.length.tolist() == [truth[position] for position in own.position.tolist()]
        assert own.token.tolist() == [ids[position] for position in own.position.tolist()]
        assert len(set(own.position.tolist())) == len(own.position)
        assert own.length.max() == max(truth)
        best = sorted(truth, reverse=True)[: width // 4]
        assert sorted(own.length.tolist(), reverse=True)[: len(best)] == best
    assert set(places.source.tolist()) == {3}


def test_a_segment_that_is_smaller_than_the_window_votes_once(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, "a = b", "a = c")
    places = SegmentSource(segment, np.array([2.0, 5.0])).places(context_of("a", " =")[np.newaxis], 64)
    found = sorted(zip(places.token.tolist(), places.weight.tolist(), strict=True))
    assert found == sorted([(token_id(" b"), 2.0), (token_id(" c"), 5.0)])


def test_a_hidden_file_has_no_places(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, "a = b", "a = c")
    source = SegmentSource(segment, np.array([1.0, 0.0]))
    assert source.places(context_of("a", " =")[np.newaxis], 64).token.tolist() == [token_id(" b")]
    ends = source.places(context_of(" =", " b")[np.newaxis], 64)
    assert ends.token.tolist() == [token_id(FILE)]
    assert source.path(int(ends.position[0])) == "0.py"
    assert not len(source.places(context_of(" =", " c")[np.newaxis], 64).token)


def test_a_hidden_part_of_a_file_is_as_if_the_file_ended_there(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, "x\na = b(c)\nd = e", "a = f")
    tokens = [segment.spelling(token) for token in segment.vocabulary[segment.stream].tolist()]
    first, last = tokens.index(" b"), tokens.index("d")
    source = SegmentSource(segment, np.ones(2), [(first, last), (0, 0)])
    corpus = Corpus([source])
    asked = corpus.places(context_of("x", "\n", "a")[np.newaxis], 64)
    following = corpus.followed(asked)
    assert sorted(following.token.tolist()) == sorted([token_id(FILE), token_id(" f")])
    assert not len(source.places(context_of(" b", "(")[np.newaxis], 64).token)
    hidden, kept = (np.array([token_id(word)], np.uint64) for word in (" b", " e"))
    assert not len(source.occurrences(hidden)[1])
    assert len(source.occurrences(kept)[1])
    (run,) = source.runs([(0, last + 1)])
    assert run.tolist() == [token_id(word) for word in (FILE, "x", "\n", "a", " =", "d")]


def test_places_are_followed_in_their_own_source(tmp_path: Path) -> None:
    segments = [segment_of(tmp_path / name, text) for name, text in (("one", "a = b("), ("two", "a = b)"))]
    corpus = Corpus([SegmentSource(segment, np.ones(1)) for segment in segments])
    places = corpus.places(context_of("a", " =")[np.newaxis], 8)
    assert places.token.tolist() == [token_id(" b")] * 2
    after = corpus.followed(places)
    assert after.token.tolist() == [token_id("("), token_id(")")]
    assert after.length.tolist() == (places.length + 1).tolist()
    assert [corpus.path(after, number) for number in range(2)] == ["0.py", "0.py"]


def test_a_length_stops_at_the_depth(tmp_path: Path) -> None:
    corpus = Corpus([SegmentSource(segment_of(tmp_path, "a" + " a" * 60), np.ones(1))])
    places = corpus.places(np.full((1, DEPTH), token_id(" a"), np.uint64), 8)
    assert places.length.max() == DEPTH
    assert corpus.followed(places[places.position < 50]).length.max() == DEPTH


def test_without_segments_there_are_no_places() -> None:
    assert not len(Corpus([]).places(context_of("a")[np.newaxis], 8).row)
