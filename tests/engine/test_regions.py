from pathlib import Path

import numpy as np

from pilotfish.engine.between import Between
from pilotfish.engine.near import Near
from pilotfish.engine.places import SegmentSource
from pilotfish.engine.regions import common_words, regions
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Ids, Segment
from pilotfish.index.view import SourceFile
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import lex, token_id

FILLER = "\n".join(f"filler{number} = {number}" for number in range(300))
NONE = np.zeros(0, np.uint64)
LIKE = "cache = open_cache(path)\nentry = cache.lookup(key)\nrefresh(entry)\n"


def ids(text: str) -> Ids:
    return np.array([token_id(token) for token in lex(text)], np.uint64)


def source_of(directory: Path, texts: list[str], weights: list[float] | None = None) -> SegmentSource:
    write_segment(directory, [SourceFile(f"{number}.py", text) for number, text in enumerate(texts)])
    return SegmentSource(Segment.open(directory), np.array(weights or [1.0] * len(texts)))


def all_of(runs: list[Ids]) -> set[int]:
    return {token for run in runs for token in run.tolist()}


def test_the_text_with_the_same_rare_words_is_found(tmp_path: Path) -> None:
    source = source_of(tmp_path, [FILLER, f"{FILLER}\n{LIKE}{FILLER}", FILLER])
    found = finish(regions(ids("entry = cache.lookup(other)"), [source]))
    assert token_id("refresh") in all_of(found)
    assert sum(map(len, found)) < 200


def test_hidden_files_are_no_regions(tmp_path: Path) -> None:
    source = source_of(tmp_path, [LIKE, FILLER], [0.0, 1.0])
    assert token_id("refresh") not in all_of(finish(regions(ids("entry = cache.lookup(other)"), [source])))


def test_without_known_words_there_are_no_regions(tmp_path: Path) -> None:
    source = source_of(tmp_path, [LIKE])
    assert finish(regions(ids("unknown(things)"), [source])) == []
    assert finish(regions(ids("+ -"), [source])) == []
    assert finish(regions(ids("cache"), [])) == []


def test_words_that_are_everywhere_are_common(tmp_path: Path) -> None:
    source = source_of(tmp_path, [f"import logging\nmine{number} = 1" for number in range(9)])
    found = common_words(ids("import logging\nmine3 = 2"), [source]).tolist()
    assert token_id("logging") >> 1 in found
    assert token_id("mine3") >> 1 not in found


def test_lines_before_the_line_below_are_found_everywhere(tmp_path: Path) -> None:
    source = source_of(tmp_path, ["start()\nopen_it(left)\nclose_it(all)\n"])
    above, below = (
        ids("start()\n"),
        np.array([token_id(t) for t in ("\n", "close_it", "(", "all", ")")], np.uint64),
    )
    near = Near([above, below], [6.0, 6.0], np.zeros(0, np.uint64))
    context = np.concatenate([above, np.array([token_id("\n")], np.uint64)])[::-1]
    between = Between(below, NONE, context, near, [source])
    agree, line = between.start(), ["open_it", "(", "left", ")", "\n"]
    for written, word in enumerate(line[:-1]):
        places = between.places([agree], [written])
        assert places.token.tolist() == [token_id(word)]
        assert places.length.tolist() == [1 + 4 + 1]
        agree = between.agreeing(agree, written, token_id(word))
    assert between.places([agree], [4]).token.tolist() == [1 << 63]
    assert not between.agreeing(between.start(), 0, token_id("else")).any()


def test_lines_count_more_where_the_text_goes_on_alike(tmp_path: Path) -> None:
    source = source_of(tmp_path, ["left()\nsame()\nup()\n", "right()\nsame()\ndown()\n"])
    for last, expected in (("up", "left"), ("down", "right")):
        after = ids(f"same()\n{last}()")
        after[0] = token_id("\n")
        near = Near([ids("start()"), after], [6.0, 6.0], NONE)
        between = Between(after[:4], after[4:], ids("start()\n")[::-1], near, [source])
        places = between.places([between.start()], [0])
        assert places.token[places.weight.argmax()] == token_id(expected)
