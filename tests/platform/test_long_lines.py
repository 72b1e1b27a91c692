import pytest

from pilotfish.platform.long_lines import has_long_line

TEXTS = {
    "": False,
    "12345": False,
    "123456": True,
    "12345\n": False,
    "12345\n12345\n\n1234": False,
    "1\n2\n3\n4\n123456\n5": True,
    "1\n2\n3\n4\n123456": True,
    "\n\n\n\n\n\n\n\n": False,
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_is_long_beyond_the_bound_and_not_before(text: str) -> None:
    assert has_long_line(text, "\n", 5) == has_long_line(text.encode(), b"\n", 5) == TEXTS[text]
    assert has_long_line(text * 3, "\n", 5) == any(len(line) > 5 for line in (text * 3).split("\n"))
