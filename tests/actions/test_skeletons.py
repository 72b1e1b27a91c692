"""Doc comments and tests as skeletons: exact, valid, and offered only where they apply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.actions import doc_skeleton, test_skeleton
from pilotfish.actions.exact import Change
from pilotfish.text.edit import applied
from tests.actions.checkers import check
from tests.actions.workspace import Indexed, indexed

FILES = {
    "shop/__init__.py": "",
    "shop/base.py": "class Store:\n    pass\n",
    "shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_base.py": "import pytest\n\n\ndef test_a() -> None:\n    assert True\n",
    "tests/test_cart.py": "import pytest\n\n\ndef test_b() -> None:\n    assert True\n",
    "store/store_test.go": "package store\n",
    "lib/cart.test.ts": 'import { it } from "mocha";\n',
    "web/cart.js": "export function total(prices) {\n  return 0;\n}\n",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    with indexed(tmp_path_factory.mktemp("skeletons"), FILES) as made:
        yield made


def text_of(change: Change, folder: Path) -> str:
    text = applied(change.document.lines, change.edits)
    check(text, change.document.language_id, folder)
    return text


DOCS = [
    (
        "a.py",
        "class A:\n    @dec\n"
        "    async def area_of(self, a: int, *rest: str, **kw) -> list[str]:\n        $0if a:\n"
        "            raise ValueError(a)\n        return [a]\n",
        '        """Area of.\n\n        Args:\n            a:\n            rest:\n            kw:\n\n'
        "        Returns:\n            The result.\n\n        Raises:\n            ValueError:\n"
        '        """\n',
    ),
    ("a.py", "def f():\n    $0pass\n", '    """F."""\n'),
    (
        "a.py",
        'def f(x):\n    """F.\n\n    :param x: it\n    """\n\n\ndef get(y):\n    $0return y\n',
        '    """Get.\n\n    :param y:\n    :returns:\n    """\n',
    ),
    (
        "a.py",
        'def f(x):\n    """F.\n\n    Parameters\n    ----------\n    x\n    """\n\n'
        "\ndef get(y: int):\n    $0return y\n",
        '    """Get.\n\n    Parameters\n    ----------\n    y : int\n\n    Returns\n'
        '    -------\n    object\n    """\n',
    ),
    (
        "a.js",
        "const add = (a, b = 2) => {\n  $0return a + b;\n};\n",
        "/**\n * Add.\n *\n * @param {*} a\n * @param {*} [b=2]\n * @returns {*}\n */\n",
    ),
    (
        "a.ts",
        "class B {\n  async getIt(a: string): Promise<void> {\n    $0return;\n  }\n}\n",
        "  /**\n   * Get it.\n   *\n   * @param a\n   */\n",
    ),
    (
        "A.java",
        "class A {\n    @Deprecated\n"
        "    public int add(int a, String... b) throws E {\n        $0return a;\n    }\n}\n",
        "    /**\n     * Add.\n     *\n     * @param a\n     * @param b\n"
        "     * @return\n     * @throws E\n     */\n",
    ),
    ("a.go", "package a\n\nfunc ListIt(a int) int {\n\t$0return a\n}\n", "// ListIt ...\n"),
    ("a.rs", "impl A {\n    fn get_it(&self) -> u8 {\n        $00\n    }\n}\n", "    /// Get it.\n"),
    ("a.c", "int add(int a)\n{\n    $0return a;\n}\n", "/**\n * Add.\n *\n * @param a\n * @return\n */\n"),
]


@pytest.mark.parametrize(("name", "marked", "added"), DOCS)
def test_a_doc_comment_says_what_the_signature_tells(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, added: str
) -> None:
    spot, tools = workspace.spot(name, marked), workspace.tools()
    assert doc_skeleton.find(spot, tools)
    change = doc_skeleton.change(spot, tools, "")
    assert [edit.text for edit in change.edits] == [added]
    text_of(change, tmp_path)


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("a.py", 'def f():\n    """There."""\n    $0pass\n'),
        ("a.py", "x = $01\n"),
        ("a.py", "# $0nothing\n"),
        ("a.py", "def f(): return $01\n"),
        (
            "A.java",
            "class A {\n    @Override\n    public String toString() {\n        return $0null;\n    }\n}\n",
        ),
    ],
)
def test_where_a_doc_comment_has_no_place_none_is_offered(workspace: Indexed, name: str, marked: str) -> None:
    assert not doc_skeleton.find(workspace.spot(name, marked), workspace.tools())


TESTS = [
    (
        "shop/cart.py",
        "def total(prices):\n    $0return sum(prices)\n",
        "tests/test_cart.py",
        "import pytest\nfrom shop.cart import total\n\n\ndef test_b() -> None:\n    assert True\n\n\n"
        'def test_total() -> None:\n    raise NotImplementedError("total")\n',
    ),
    (
        "shop/base.py",
        "class Store:\n    def get(self):\n        $0return 1\n",
        "tests/test_base.py",
        "import pytest\nfrom shop.base import Store\n\n\ndef test_a() -> None:\n    assert True\n\n\n"
        'def test_store_get() -> None:\n    raise NotImplementedError("Store")\n',
    ),
    (
        "shop/new.py",
        "def tax():\n    $0return 1\n",
        "tests/test_new.py",
        'from shop.new import tax\n\n\ndef test_tax() -> None:\n    raise NotImplementedError("tax")\n',
    ),
    (
        "web/cart.js",
        "export function total(prices) {\n  $0return 0;\n}\n",
        "web/cart.test.js",
        'import { test } from "node:test";\nimport { total } from "./cart";\n\n'
        'test("total", () => {\n  throw new Error("not written yet: total");\n});\n',
    ),
    (
        "lib/cart.ts",
        "export function total() {$0}\n",
        "lib/cart.test.ts",
        'import { it } from "mocha";\nimport { total } from "./cart";\n\n'
        'it("total", () => {\n  throw new Error("not written yet: total");\n});\n',
    ),
    (
        "src/shop.rs",
        "pub struct Cart;\n\nimpl Cart {\n    pub fn total(&self) -> u8 {\n        $00\n    }\n}\n",
        "src/shop.rs",
        "pub struct Cart;\n\nimpl Cart {\n    pub fn total(&self) -> u8 {\n        0\n    }\n}\n"
        "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn test_cart_total() {\n"
        '        todo!("Cart")\n    }\n}\n',
    ),
    (
        "src/tax.rs",
        "fn tax() {$0}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() {}\n}\n",
        "src/tax.rs",
        "fn tax() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() {}\n"
        '\n    #[test]\n    fn test_tax() {\n        todo!("tax")\n    }\n}\n',
    ),
    (
        "app.go",
        "package app\n\nfunc Run() {$0}\n",
        "app_test.go",
        'package app\n\nimport "testing"\n\nfunc TestRun(t *testing.T) {\n\tt.Fatal("not written yet")\n}\n',
    ),
    (
        "store/open.go",
        "package store\n\nfunc Open() int {\n\t$0return 1\n}\n",
        "store/open_test.go",
        'package store\n\nimport "testing"\n\nfunc TestOpen(t *testing.T) {\n'
        '\tt.Fatal("not written yet")\n}\n',
    ),
]


@pytest.mark.parametrize(("name", "marked", "file", "wanted"), TESTS)
def test_a_test_goes_to_the_tests_of_its_file(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, file: str, wanted: str
) -> None:
    spot, tools = workspace.spot(name, marked), workspace.tools()
    assert test_skeleton.find(spot, tools)
    change = test_skeleton.change(spot, tools, "")
    assert change.document.path == workspace.root / file
    is_inside = file == name
    assert change.is_new_file == (not is_inside and not (workspace.root / file).exists())
    assert text_of(change, tmp_path) == wanted


def test_tests_are_not_tested(workspace: Indexed) -> None:
    spot = workspace.spot("tests/test_cart.py", "def test_b():\n    $0pass\n")
    assert not test_skeleton.find(spot, workspace.tools())
    for name, marked in (
        ("src/a.rs", "#[cfg(test)]\nmod tests {\n    fn tool() {$0}\n}\n"),
        ("tests/a.rs", "fn tool() {$0}\n"),
        ("web/a.ts", "export interface A {\n  a: $0string;\n}\n"),
    ):
        assert not test_skeleton.find(workspace.spot(name, marked), workspace.tools())
