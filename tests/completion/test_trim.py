"""Each trim step by cases: what was generated, where, and what is left of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from pilotfish.completion.answer import AskedAs
from pilotfish.completion.gap import Gap
from pilotfish.completion.trim import STEP_NAMES, Trimmed, trim
from pilotfish.platform.steps import Steps, finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.piece import MOST_LINES
from pilotfish.syntax.tree import Tree, parse_steps
from tests.marked import request_of

PY, JS, GO, TXT = "python", "javascript", "go", "plaintext"
KEY = "AKIA" + "Q7R2" * 4

CASES = [
    # step, language, document, generated, left
    ("control_tokens", PY, "x = $0\n", "<|fim_middle|>foo()<|endoftext|>junk", "foo()"),
    ("control_tokens", PY, "x = $0\n", "foo() <EOT>", "foo()"),
    ("control_tokens", PY, "x = $0  # <EOT>\n", "'<EOT>'", "'<EOT>'"),  # the user's own word
    ("stop_strings", PY, "x = $0\n", "foo()@@end@@bar", "foo()"),
    ("stop_strings", PY, "x = $0\n", "@@end@@bar", ""),
    ("plain_line_ends", PY, "$0\n", "a = 1\r\nb = 2\rc = 3", "a = 1\nb = 2\nc = 3"),
    ("lines_above", PY, "if x:\n    y = 1\n    $0\n", "    y = 1\n    z = 2", "z = 2"),
    ("lines_above", PY, "a = {\n    1: 2\n    }\n    $0\n", "    }\n    z = 2", "z = 2"),
    ("talk", PY, "x = $0\n", "```python\nfoo()\n```", "foo()"),
    ("talk", PY, "x = $0\n", "Here is the missing code:\n\n```\nfoo()\n```\nIt calls foo.", "foo()"),
    ("talk", PY, "$0\ny = 1\n", "Sure! Here's the line:\nfoo()", "foo()"),
    ("talk", PY, "x = $0\n", "The missing code is: foo()", "foo()"),
    ("talk", PY, "x = $0\n", "`foo()`", "foo()"),
    ("talk", JS, "x = $0\n", "`a ${b}`", "`a ${b}`"),  # a template, not a quote
    ("talk", JS, "x = $0\n", "`a`.trim()", "`a`.trim()"),
    ("talk", JS, "x = $0\n", "The missing code is `foo()`", "foo()"),
    ("talk", GO, "x := $0\n", "`^a`", "`^a`"),
    ("talk", PY, "x = $0\n", "这是缺少的代码：\nfoo()", "foo()"),
    ("talk", PY, '"""Say it:\n\n$0\n"""\n', "It is said again.", "It is said again."),  # in prose it is code
    ("talk", PY, '"""\n$0\n"""\n', "Here is the line:\n```\nWords.\n```", "Words."),
    ("talk", TXT, "$0\n", "Here is what was asked.", "Here is what was asked."),
    ("placeholder", PY, "x = $0\n", "load()\nkey = '<redacted>'\nuse(key)", "load()"),
    ("placeholder", PY, "key = '$0\n", "<redacted>'", ""),
    ("placeholder", PY, "a = '<redacted>'\nb = $0\n", "'<redacted>'", "'<redacted>'"),  # the user's own word
    ("secret", PY, "key = '$0\n", f"{KEY}'", ""),
    ("secret", PY, f"key = '{KEY[:8]}$0\n", f"{KEY[8:]}'", ""),
    ("secret", PY, "x = $0\n", f"load(1)\nkey = '{KEY}'\nuse(key)", "load(1)"),
    ("secret", PY, f"a = '{KEY}'\nb = $0\n", f"'{KEY}'", f"'{KEY}'"),  # the file has it
    ("secret", PY, "password = $0\n", "read(12)", "read(12)"),
    ("said_again", PY, "x = foo($0\n", "x = foo(1)", "1)"),
    ("said_again", PY, "x = self.$0\n", "self.name", "name"),
    ("said_again", PY, "return val$0\n", "value", "ue"),
    ("said_again", PY, "x = None, $0\n", "None, None", "None, None"),  # the same may well come twice
    ("indentation", PY, "if x:\n    $0\n", "        foo()", "foo()"),
    ("indentation", PY, "def f():\n    $0\n", "for x in y:\n    g(x)", "for x in y:\n        g(x)"),
    ("indentation", GO, "func f() {\n\tg()\n\t$0\n}\n", "if x {\n        h()\n    }", "if x {\n\t\th()\n\t}"),
    ("indentation", JS, "f(() => {\n  g()\n  $0\n})\n", "if (x) {\n\t\th()\n\t}", "if (x) {\n    h()\n  }"),
    ("repetition", TXT, "x = $0\n", "so it goes\nso it goes\nso it goes\nso it goes", "so it goes"),
    ("repetition", TXT, "$0\n", "and so on and so on and so on and so on and so on", "and so on"),
    ("extent", PY, "x = $0)\n", "a\nb", "a"),
    ("extent", PY, "x = $0\n", "foo()\ny = bar()", "foo()"),
    ("extent", PY, "x = $0\n", "foo(\n    1,\n)\ny = 2", "foo(\n    1,\n)"),
    ("extent", PY, "def f():\n    $0\n", "x = 1\n    return x\n\ndef g():\n    pass", "x = 1\n    return x"),
    ("extent", PY, "$0\n", "a = 1\nb = 2\nc = 3\nd = 4", "a = 1\nb = 2\nc = 3"),
    ("blank", PY, "x = $0\n", "  \t", ""),
    ("trailing_space", PY, "$0\n", "foo  \n  bar\t", "foo\n  bar"),
    ("rest_of_line", PY, "f($0)\n", "left)", "left"),
    ("rest_of_line", PY, "f($0))\n", "left))", "left"),
    ("rest_of_line", PY, "f(g($0))\n", "left)", "left"),
    ("rest_of_line", PY, "f($0)\n", "g(x)", "g(x)"),  # its own bracket
    ("rest_of_line", PY, 'x = "$0"\n', 'word"', "word"),
    ("rest_of_line", PY, 'if name == "$0"\n', 'main":\n    run()', "main"),  # no bracket or quote twice
    ("rest_of_line", JS, "for (const $0)\n", "item of items()) {", "item of items()"),
    ("rest_of_line", JS, "f(g($0)\n", "left))", "left)"),
    ("rest_of_line", PY, "x = $0 + tail\n", "head + tail", "head"),
    ("rest_of_line", PY, "x = $0abc\n", "za", "za"),  # part of a word is no overlap
    ("lines_below", PY, "if x:\n    $0\n    return left\n", "return left", ""),
    ("lines_below", PY, "if x:\n    $0\n\n    return left\n", "pass\n    return left", "pass"),
    ("lines_below", PY, "a = [\n    $0\n]\n", "1,\n]", "1,"),
    ("lines_below", PY, "f(g(\n$0\n)\n", ")", ")"),  # a lone bracket may well come twice
    ("syntax_gate", PY, "def f():\n    $0\n\nx = 1\n", "return 1\n    so it ends", "return 1"),
    ("syntax_gate", PY, "def f():\n    $0\n\nx = 1\n", "call it a day", ""),
    ("syntax_gate", JS, "function f() {\n  $0\n}\n", "return 1;\n}}", "return 1;"),
    ("syntax_gate", JS, "function f() {\n  $0\n}\n", "if (x) {", "if (x) {"),  # its body comes next
    ("syntax_gate", PY, "def f():\n    $0\n\nx = 1\n", "if x:", "if x:"),
    ("syntax_gate", PY, "def f():\n    $0", "return g(", "return g("),  # there is nothing behind it yet
    (
        "syntax_gate",
        PY,
        'class A:\n    def f(x):\n        """Run.\n        $0',
        "An x, if any",
        "An x, if any",
    ),
    ("syntax_gate", PY, 'class A:\n    def f(x):\n        """Run."""\n        $0', "An x, if any", ""),
    ("symbol_gate", PY, "def f(c: Client):\n    c.$0\n", "sendMsg(x)", "sendMessage(x)"),
    ("symbol_gate", PY, "def f(c: Client):\n    c.$0\n", "sendAll(x)", "sendAll(x)"),
    ("document_line_ends", TXT, "a\r\n$0\r\n", "b\nc", "b\r\nc"),
    ("document_line_ends", TXT, "a\n$0\n", "b\nc", "b\nc"),
    ("document_line_ends", TXT, "a\r\n$0", "b\nc", "b\r\nc"),
]


def trimmed(text: str, generated: str, language: str = PY, **known: Any) -> Trimmed:
    """With the step's own name in `disabled`, without it."""
    disabled = known.pop("disabled", ())
    request = request_of(text, language=language)
    tree = partial(parse_steps, request.document.text, language_of_id(language))
    known.setdefault("members", lambda name: {"Client": ("sendMessage", "close")}.get(name, ()))
    return finish(
        trim(generated, Gap(request, known.pop("max_lines", 3), tree=tree, **known), disabled=disabled)
    )


@pytest.mark.parametrize(("step", "language", "text", "generated", "left"), CASES)
def test_step(step: str, language: str, text: str, generated: str, left: str) -> None:
    result = trimmed(text, generated, language, stop=("@@end@@",))
    assert result.text == left
    changed = {entry.split()[0] for entry in result.changed}
    assert (step in changed) == (generated != left)
    if not left:
        assert result.emptied_by == step
    without = trimmed(text, generated, language, stop=("@@end@@",), disabled={step})
    assert step not in {entry.split()[0] for entry in without.changed}


TALK_CASES = [
    # how it was asked, document, said, left
    ("tags", "x = $0\n", "Sure!\n<COMPLETION>foo()</COMPLETION> This calls foo.", "foo()"),
    ("tags", "x = $0\n", "<think>hm ```</think><COMPLETION>\n```python\nfoo()\n```\n</COMPLETION>", "foo()"),
    ("tags", "x = $0\n", "Here it is:\n```python\nfoo()\n```\nIt calls foo.", "foo()"),
    ("tags", "x = $0\n", "I cannot see any code.", ""),
    ("tags", "x = $0\n", "```python\nx = foo()\n```", "foo()"),
    ("tags", "def f():\n    $0\n", "```\ndef f():\n    return 1\n```", "return 1"),
    (
        "tags",
        "def f():\n    $0\n",
        "<COMPLETION>\n    a = 1\n    return a\n</COMPLETION>",
        "a = 1\n    return a",
    ),
    ("tags", "x = $0\n", "<think>never stops thinking", ""),
    ("begun", "x = $0\n", " foo()\n```\nThis calls foo.", "foo()"),
    ("begun", "x = $0\n", "This calls foo:\n```python\nx = foo()\n```\nThere.", "foo()"),
    ("begun", "def f():\n    $0\n", "\n    return 1\n", "return 1"),
    ("begun", "x = f$0\n", "oo()", "oo()"),
]


@pytest.mark.parametrize(("asked_as", "text", "said", "left"), TALK_CASES)
def test_of_what_a_chat_model_says_the_code_is_left(
    asked_as: AskedAs, text: str, said: str, left: str
) -> None:
    assert trimmed(text, said, asked_as=asked_as).text == left


def test_every_step_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(STEP_NAMES)


def test_each_step_says_what_it_did() -> None:
    assert trimmed("f($0)\n", "left)<EOT>").changed == ("control_tokens -5", "rest_of_line -1")


def test_nothing_generated_is_nothing() -> None:
    assert trimmed("x = $0\n", "").emptied_by == "no_text"


@pytest.mark.parametrize(
    ("text", "generated", "kept", "readings"),
    [
        ("def f():\n    $0\n\nx = 1\n", "return 1", True, 0),
        ("def f():\n    $0\n\nx = 1\n", "call it a day", False, 0),
        ("def f(a):\n    y = (\n    $0\n", "a +", True, 0),
        ("def f(a):\n    y = (\n    $0\n\nx = 1\n", "a +", True, 1),
        ('def f():\n    """\n    One:\n        $0\n    """\n', "call it a day", True, 0),
        ("def f():\n" + "    x = 1\n" * MOST_LINES + "    $0\n", "call it a day", False, 1),
    ],
)
def test_the_whole_text_is_read_only_where_the_piece_around_the_cursor_does_not_tell(
    text: str, generated: str, kept: bool, readings: int
) -> None:
    asked = []
    request = request_of(text)

    def tree() -> Steps[Tree | None]:
        asked.append(True)
        return parse_steps(request.document.text, language_of_id(PY))

    assert finish(trim(generated, Gap(request, tree=tree))).text == (generated if kept else "")
    assert len(asked) == readings
