"""What two texts have in common when their comments do not count."""

from __future__ import annotations

import pytest

from pilotfish.syntax.code import same_code
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import Tree, parse

SAME = [
    (
        "python",
        "def f(a):\n    return a\n",
        'def f(a):\n    """F.\n\n    a: it\n    """\n    # x\n    return a  # y\n',
    ),
    ("python", "def f(): return 1\n", 'def f():\n    """F."""\n    return 1\n'),
    ("python", "class A:\n    # old\n    x = 1\n", '"""M."""\n\n\nclass A:\n    """A."""\n\n    x = 1\n'),
    ("javascript", "const f = (a) => a;\n", "/**\n * F.\n */\nconst f = (a) => a; // it\n"),
    ("typescript", "class A { b(): void {} }\n", "class A {\n  /** B. */\n  b(): void {}\n}\n"),
    ("go", "func F() {}\n", "// F fs.\nfunc F() {}\n"),
    ("rust", "fn f() {}\n", "/// F.\n/** Or so. */\nfn f() {}\n"),
    ("java", "class A { int b; }\n", "/** A. */\nclass A {\n    // b\n    int b;\n}\n"),
    ("c", "int f(void);\n", "/* F. */\nint f(void);\n"),
    ("ruby", "def f\n  1\nend\n", "# F.\ndef f\n  1\nend\n"),
]  # fmt: skip
OTHER = [
    ("python", "def f(a):\n    return a\n", 'def f(a):\n    """F."""\n    return a + 1\n'),
    ("python", "def f(a):\n    return a\n", 'def f(a):\n    """F."""\n'),
    ("python", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n"),
    ("python", 'x = "a b"\n', 'x = "a  b"\n'),
    ("python", 'def f():\n    a()\n    "x"\n', "def f():\n    a()\n"),
    ("javascript", "a();\n", "// a();\n"),
    ("javascript", "x = `a  b`;\n", "x = `a b`;\n"),
    ("go", "func F() {}\n", "// F fs.\nfunc G() {}\n"),
    ("rust", "fn f() {}\n", "/// F.\n#[inline]\nfn f() {}\n"),
]


def tree(text: str, language: str) -> Tree:
    made = parse(text, language_of_id(language))
    assert made is not None
    return made


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_comments_docstrings_and_blanks_do_not_count(language: str, one: str, other: str) -> None:
    assert same_code(tree(one, language), tree(other, language))
    assert same_code(tree(other, language), tree(one, language))


@pytest.mark.parametrize(("language", "one", "other"), OTHER)
def test_everything_else_does(language: str, one: str, other: str) -> None:
    assert not same_code(tree(one, language), tree(other, language))
    assert not same_code(tree(other, language), tree(one, language))
