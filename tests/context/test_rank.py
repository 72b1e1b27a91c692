"""The ranking: sources vote for names, blocks stand for themselves, the budget is never passed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pilotfish.context.rank import BLOCK_SHARE, choose, rank
from pilotfish.context.snippet import Heading, Snippet


def line(name: str, score: float, source: str = "definitions", path: str = "a.py", at: int = 0) -> Snippet:
    return Snippet(path, at, f"def {name}(): ...\n", source, score, name)


def block(path: str, score: float, lines: int = 10, at: int = 0) -> Snippet:
    return Snippet(path, at, "some = code\n" * lines, "similar", score)


def test_what_several_sources_say_adds_up_and_the_definition_is_shown() -> None:
    ranked = rank(
        [
            line("alone", 1.5),
            line("both", 1.0, at=3),
            line("both", 1.2, "usages", "b.py"),
            line("both", 0.4, path="c.py"),
        ]
    )
    assert [snippet.subject for snippet in ranked] == ["both", "alone"]
    assert (ranked[0].source, ranked[0].path) == ("definitions", "a.py")


def test_what_has_no_text_speaks_for_its_name_and_is_not_shown() -> None:
    votes = [Snippet("u.py", 0, "", "usages", 1.0, name) for name in ("told", "untold")]
    ranked = rank([*votes, line("told", 1.0), line("other", 1.5)])
    assert [(each.subject, each.source) for each in ranked] == [
        ("told", "definitions"),
        ("other", "definitions"),
    ]


def test_lines_of_a_file_become_an_outline_under_their_headings() -> None:
    heading = Heading(2, "class Client(Base):\n")
    lines = [
        Snippet("a.py", 9, "    def send(self): ...\n", "definitions", 2.0, "send", heading),
        Snippet("a.py", 4, "    def open(self): ...\n", "siblings", 1.0, "open", heading),
        line("helper", 0.5, at=30),
        line("other", 3.0, path="b.py"),
    ]
    chosen, left_out = choose(rank(lines), 100)
    assert [snippet.path for snippet in chosen] == ["a.py", "b.py"]
    assert chosen[0].text == (
        "class Client(Base):\n    def open(self): ...\n    def send(self): ...\ndef helper(): ...\n"
    )
    assert (chosen[0].start_line, chosen[0].source, chosen[0].score) == (2, "definitions+siblings", 2.0)
    assert left_out == []


def test_blocks_leave_room_for_lines_and_each_takes_what_the_other_leaves() -> None:
    blocks = [block(f"{number}.py", 1 - number / 100) for number in range(20)]
    lines = [line(f"name{number}", 1.0, path="z.py", at=number) for number in range(200)]
    chosen, left_out = choose(rank([*blocks, *lines]), 200)
    tokens = sum(snippet.tokens for snippet in chosen if snippet.source == "similar")
    assert 0 < tokens <= BLOCK_SHARE * 200
    assert "z.py" in {snippet.path for snippet in chosen}
    reasons = {left.what: left.reason for left in left_out}
    assert reasons["19.py:1"] == "over the token budget"
    assert any(what.endswith("lines of definitions") for what in reasons)
    only_blocks, _ = choose(rank(blocks), 200)
    assert sum(snippet.tokens for snippet in only_blocks) > 150
    only_lines, _ = choose(rank(lines), 200)
    assert sum(snippet.tokens for snippet in only_lines) > 180


def test_what_is_shown_already_is_not_shown_twice() -> None:
    chosen, left_out = choose(
        rank([block("a.py", 0.9), block("a.py", 0.8, at=5), line("inside", 1.0, at=3)]), 1000
    )
    assert [snippet.source for snippet in chosen] == ["similar"]
    assert [(left.what, left.reason) for left in left_out] == [("a.py:6", "overlaps a better snippet")]


snippets = st.builds(
    lambda path, at, text, source, score, subject: Snippet(
        f"{path}.py", at, text + "\n", source, score, subject
    ),
    st.sampled_from("abc"),
    st.integers(0, 50),
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(["definitions", "siblings", "usages", "similar"]),
    st.floats(0, 2),
    st.sampled_from(["", "", "one", "two", "three", "größe"]),
)


@given(st.lists(snippets, max_size=40), st.integers(0, 200))
def test_the_budget_is_never_passed_and_nothing_is_lost_in_silence(found: list[Snippet], budget: int) -> None:
    chosen, left_out = choose(rank(found), budget)
    assert sum(snippet.tokens for snippet in chosen) <= budget
    assert all(snippet.text for snippet in chosen)
    if found and not chosen:
        assert left_out
