"""Heads of functions, taken apart."""

from __future__ import annotations

import pytest

from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.signature import signature_at
from pilotfish.syntax.tree import parse

# Language, text, name and its line, "name type default" of each parameter, what is given back and raised.
CASES = [
    ("python", "class A:\n    @x\n    async def f(self, a: int, *b, c='1', **d) -> list[int]:\n"
     "        raise E(a)\n", "f", 2, ["a int ", "b  ", "c  '1'", "d  "], "list[int]", ("E",)),
    ("typescript", "class A {\n  f(a: string, b?: D, {c}: E = {}): Promise<void> {}\n}\n", "f", 1,
     ["a string ", "b D "], "Promise<void>", ()),
    ("javascript", "const f = (a, b = 2, ...c) => a;\n", "f", 0, ["a  ", "b  2", "c  "], "", ()),
    ("java", "class A {\n  int f(int a, String... b) throws E {\n    return 1;\n  }\n}\n", "f", 1,
     ["a int ", "b  "], "int", ("E",)),
    ("go", "package a\n\nfunc (s *S) F(a, b int, c string) (int, error) {\n\treturn 0, nil\n}\n", "F", 2,
     ["a int ", "b int ", "c string "], "(int, error)", ()),
    ("rust", "impl A {\n    fn f(&self, a: u8) -> u8 {\n        a\n    }\n}\n", "f", 1, ["a u8 "], "u8", ()),
    ("c", "int f(int a, const char *b) {\n    return a;\n}\n", "f", 0, ["a int ", "b char "], "int", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "name", "line", "parameters", "returns", "raises"), CASES, ids=[c[0] for c in CASES]
)
def test_a_signature(
    language: str, text: str, name: str, line: int, parameters: list[str], returns: str, raises: tuple[str]
) -> None:
    tree = parse(text, language_of_id(language))
    assert tree is not None
    found = signature_at(tree, name, line)
    assert found is not None
    assert [f"{each.name} {each.type} {each.default}" for each in found.parameters] == parameters
    assert (found.returns, found.raises) == (returns, raises)
    assert signature_at(tree, name, line + 50) is None
