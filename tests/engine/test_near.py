import random
from collections.abc import Sequence

import numpy as np

from pilotfish.engine.near import EXACT, OWN, REGION, Near, Trace
from pilotfish.index.segment import Ids
from pilotfish.syntax.lexer import lex, split_line, token_id

NONE = np.zeros(0, np.uint64)


def ids(text: str) -> Ids:
    return np.array([token_id(token) for token in lex(text)], np.uint64)


def near_of(*parts: str, weights: Sequence[float] = (6.0, 6.0), common: Ids = NONE) -> Near:
    """The own document before and after the cursor, then others; lexed each on its own."""
    runs = [ids(parts[0]), *(ids(part) if part else NONE for part in parts[1:])]
    return Near(runs, [*weights, *[0.0] * (len(parts) - len(weights))], common)


def written(near: Near, text: str) -> Trace:
    trace = near.trace()
    for token in split_line(text)[1]:
        trace = near.extended(trace, token_id(token))
    return trace


def said(near: Near, trace: Trace, *voices: int) -> dict[int, int]:
    """What these voices say comes next: token → longest match."""
    places = near.places([trace])
    longest: dict[int, int] = {}
    for token, length, voice in zip(
        places.token.tolist(), places.length.tolist(), places.source.tolist(), strict=True
    ):
        if voice in voices:
            longest[token] = max(longest.get(token, 0), length)
    return longest


def best(near: Near, trace: Trace, *voices: int) -> int:
    heard = said(near, trace, *voices)
    return max(heard, key=heard.__getitem__)


def test_matches_are_renamed_by_what_stands_at_the_same_distance() -> None:
    text = "def __init__(self, width, height):\n    self.width = width\n    pass"
    near = near_of(text, "")
    trace = written(near, "self.height =")
    assert best(near, trace, OWN) == token_id(" height")
    assert token_id(" height") not in said(near, trace, EXACT)


def test_what_stands_behind_the_end_of_the_document_does_not_go_on_from_it() -> None:
    behind = Near([ids("import os"), NONE, ids("x = 1\ny")[1:]], [6.0, 6.0, 0.0], NONE)
    trace = written(behind, "x")
    assert said(behind, trace, OWN, REGION) == {token_id(" ="): 1}


def test_regions_of_the_index_speak_by_code_only() -> None:
    near = near_of("import os", "", "self.width = width\nself.depth = depth")
    trace = written(near, "self.color =")
    assert best(near, trace, REGION) == token_id(" color")
    assert not said(near, trace, EXACT)


def test_common_words_are_not_renamed() -> None:
    text, line = "x = check(x)\nname", "y = verify("
    assert best(near_of(text, ""), written(near_of(text, ""), line), OWN) == token_id("y")
    common = np.array(sorted({token_id("check") >> 1, token_id("x") >> 1}), np.uint64)
    near = near_of(text, "", common=common)
    assert token_id("y") not in said(near, written(near, line), OWN)


def test_exact_matches_are_those_that_brute_force_finds() -> None:
    chosen = random.Random(3)
    words = ["a", "b", "c", "(", ")"]
    text = "\n".join(" ".join(chosen.choices(words, k=6)) for _ in range(60))
    near, line = near_of(text, "a b c\nb b"), "a b ( c"
    trace = written(near, line)
    tokens = near.tokens.tolist()
    own = ids(text).tolist() + [token_id(token) for token in split_line(line)[1]]
    found = dict(zip(trace.exact.position.tolist(), trace.exact.length.tolist(), strict=True))
    for position in range(1, len(tokens) - 1):
        length = 0
        while length < position and tokens[position - 1 - length] == own[-1 - length]:
            length += 1
        assert found.get(position, 0) == length


def test_a_line_written_at_once_is_the_same_as_one_written_token_by_token() -> None:
    near = near_of("self.width = width\nself.depth = depth", "self.a = b", "import os\nself.size = 3")
    for line in ("self.height = height", "self.width =", "never.seen = self.width + self.depth"):
        at_once, by_token = (
            near.trace([token_id(token) for token in split_line(line)[1]]),
            written(near, line),
        )
        assert at_once.names == by_token.names
        for one, other in ((at_once.exact, by_token.exact), (at_once.coded, by_token.coded)):
            assert one.position.tolist() == other.position.tolist()
            assert one.length.tolist() == other.length.tolist()


def test_the_end_of_one_document_does_not_vote_for_the_start_of_the_next() -> None:
    near = near_of("a = b", "", "c = d", weights=(6.0, 6.0, 4.0))
    assert token_id("\n^") not in said(near, near.trace(), EXACT, OWN)


def test_exact_places_are_followed_up_to_the_line_that_is_written() -> None:
    near = near_of("a = b(c)d", "other")
    places = near.exact(written(near, "a = b"))
    assert places.token.tolist() == [token_id("(")]
    spoken = []
    for _ in range(4):
        spoken += places.token.tolist()
        places = near.followed(places)
    assert spoken == [token_id(token) for token in ("(", "c", ")", "\n^")]


def test_lines_before_a_line_are_found_in_open_documents() -> None:
    near = near_of("first = 1\nlast = 2\nother = 3\nx", "first = 4\nlast = 2\n")
    pattern = np.array([token_id(token) for token in ("last", " =", " 2")], np.uint64)
    before, after = near.around(pattern, 3, 2)
    assert before[:, -1].tolist() == [token_id(" 1"), token_id(" 4")]
    assert after[0].tolist() == [token_id("\n"), token_id("other")]


def test_how_near_a_word_is_counts_from_the_cursor() -> None:
    near = near_of("far\nclose", "below")
    distance = dict(zip(near.words.tolist(), near.how_near.tolist(), strict=True))
    assert distance[token_id("close") >> 1] == [0, np.inf]
    assert distance[token_id("far") >> 1] == [2, np.inf]
    assert distance[token_id("below") >> 1] == [np.inf, 1]
    assert distance[token_id(" close") >> 1] == [0, np.inf]
