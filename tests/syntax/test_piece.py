"""The piece around a line: small, sound where the text is, and at fault where a text put in is at fault."""

from __future__ import annotations

import pytest

from pilotfish.platform.steps import finish
from pilotfish.syntax import piece
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.piece import Piece, closers, piece_around
from pilotfish.syntax.tree import parse
from tests.marked import marked

PY, GO, JAVA, CS = "python", "go", "java", "csharp"
LONG = "".join(f"    x{n} = {n}\n" for n in range(piece.FEW_LINES))
FIELDS = "".join(f"  int x{n};\n" for n in range(piece.FEW_LINES))

PIECES = [
    # language, text, above, below
    (
        PY,
        "a = 1\n\ndef f():\n    b = 2\n    $0\n    c = 3\n\nd = 4\n",
        "def f():\n    b = 2\n",
        "    c = 3\n\n",
    ),
    (PY, "a = 1\nb = 2\n$0\nc = 3\nd = 4\n", "b = 2\n", "c = 3\n"),
    (PY, f"class A:\n{LONG}    def f(self):\n        $0\n", "class A:\n    def f(self):\n", ""),
    (PY, "f(\n    a,\n    $0\n)\nb = 2\n", "f(\n    a,\n", ")\n"),
    (
        PY,
        "def f(\n    a,\n):\n    $0\n# Said\n    b = 2\nc = 3\n",
        "def f(\n    a,\n):\n",
        "# Said\n    b = 2\n",
    ),
    (
        PY,
        f"def f(\n    a,\n):\n{LONG}    if a:\n        $0\n",
        "def f(\n    a,\n):\n    if a:\n",
        "",
    ),
    (PY, f"if a:\n{LONG}else:\n    $0\n", f"if a:\n{LONG}else:\n", ""),
    (PY, "a = 1\n@b(\n    1,\n    $0\n)\ndef f():\n    c\n", "@b(\n    1,\n", ")\ndef f():\n    c\n"),
    (GO, "var a int\n\nfunc f() {\n\tg()\n\t$0\n}\n\nvar b int\n", "func f() {\n\tg()\n", "}\n\n"),
    (
        JAVA,
        f"class A {{\n{FIELDS}  void f() {{\n    $0\n  }}\n  int y;\n}}\n",
        "class A {\n  void f() {\n",
        "  }\n}",
    ),
    (
        CS,
        f"class A\n{{\n{FIELDS}  void f()\n  {{\n    $0\n  }}\n}}\n",
        "class A\n{\n  void f()\n  {\n",
        "  }\n}",
    ),
]


@pytest.mark.parametrize(("language", "text", "above", "below"), PIECES)
def test_pieces(language: str, text: str, above: str, below: str) -> None:
    document, position = marked(text, language=language)
    spoken = language_of_id(language)
    assert piece_around(document.lines, position.line, spoken.comment) == (above, below)


def test_a_long_block_is_no_piece() -> None:
    lines = ["if x:\n", *["    y = 1\n"] * piece.MOST_LINES, "z = 2\n"]
    assert piece_around(lines, 5, "#") is None
    assert (
        piece_around(["x = (\n", *["    1,\n"] * piece.MOST_LINES, ")\n", ""], piece.MOST_LINES + 2, "#")
        is None
    )


@pytest.mark.parametrize("said", ["x = 1", "x = (", "}", ")", "if x:", "return", "'''", "else:"])
@pytest.mark.parametrize(("language", "text", "above", "below"), PIECES)
def test_what_is_sound_in_its_piece_is_no_fault_in_the_text(
    language: str, text: str, above: str, below: str, said: str
) -> None:
    spoken = language_of_id(language)
    before, after, alone = (
        parse(each, spoken)
        for each in (text.replace("$0", ""), text.replace("$0", said), f"{above}{said}\n{below}")
    )
    assert before is not None
    assert after is not None
    assert alone is not None
    if not alone.faults():
        assert len(after.faults()) <= len(before.faults())


def test_a_piece_is_read_with_one_line_after_the_other() -> None:
    document, position = marked("def f(a):\n    $0\n", language=PY)
    known = Piece(document.lines, position.line, language_of_id(PY))
    said = ["    return a\n", "    return (a\n", "    return a a a\n", "\n", "    return b\n"]
    assert [finish(known.faults(line)) for line in said] == [0, 1, 1, 0, 0]
    assert (
        finish(Piece(["if x:\n", *["    y = 1\n"] * piece.MOST_LINES], 5, language_of_id(PY)).faults(""))
        is None
    )


def test_closers() -> None:
    assert closers("f(a, {b: [") == "]})"
    assert closers("f(a)]") == ""


def test_a_piece_with_lines_as_long_as_a_text_is_none() -> None:
    assert piece_around([f"x = [{'1, ' * piece.MOST_CHARS}]\n", "y = 1\n"], 1, "#") is None
