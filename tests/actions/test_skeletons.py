"""Doc comments, tests and methods as skeletons: exact, valid, and offered only where they apply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.actions import doc_skeleton, stubs, test_skeleton
from pilotfish.actions.exact import Change
from pilotfish.text.edit import applied
from tests.actions.checkers import check
from tests.actions.workspace import Indexed, indexed

FILES = {
    "shop/__init__.py": "",
    "shop/base.py": (
        "from abc import ABC, abstractmethod\n\n\nclass Named(ABC):\n"
        "    @property\n    @abstractmethod\n    def name(self) -> str:\n        ...\n\n\n"
        "class Store(Named):\n    @abstractmethod\n"
        "    async def get(self, key: str) -> bytes:\n        '''Get.'''\n\n"
        "    def put(self, key, value=1):\n        raise NotImplementedError\n\n"
        "    def close(self):\n        return None\n"
    ),
    "shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_base.py": "import pytest\n\n\ndef test_a() -> None:\n    assert True\n",
    "tests/test_cart.py": "import pytest\n\n\ndef test_b() -> None:\n    assert True\n",
    "web/shape.ts": "export interface Shape {\n  name: string;\n"
    "  label?: string;\n  area(scale: number): number;\n}\n",
    "web/cart.js": "export function total(prices) {\n  return 0;\n}\n",
    "java/org/acme/Shape.java": (
        "package org.acme;\n\npublic interface Shape {\n    double area(double scale) throws Exception;\n"
        '    default String name() { return ""; }\n}\n'
    ),
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
        "    async def area_of(self, a: int, *rest, **kw) -> list[str]:\n        $0if a:\n"
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
        "class A {\n    @Override\n"
        "    public int add(int a, String... b) throws E {\n        $0return a;\n    }\n}\n",
        "    /**\n     * Add.\n     *\n     * @param a\n     * @param b\n"
        "     * @return\n     * @throws E\n     */\n",
    ),
    ("a.go", "package a\n\nfunc ListIt(a int) int {\n\t$0return a\n}\n", "// ListIt list it.\n"),
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


@pytest.mark.parametrize("marked", ['def f():\n    """There."""\n    $0pass\n', "x = $01\n", "# $0nothing\n"])
def test_what_has_a_doc_comment_or_is_no_function_gets_none(workspace: Indexed, marked: str) -> None:
    assert not doc_skeleton.find(workspace.spot("a.py", marked), workspace.tools())


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
        "store/store.go",
        "package store\n\nfunc Open() int {\n\t$0return 1\n}\n",
        "store/store_test.go",
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
    assert change.is_new_file == (not (workspace.root / file).exists())
    assert text_of(change, tmp_path) == wanted


def test_tests_are_not_tested(workspace: Indexed) -> None:
    spot = workspace.spot("tests/test_cart.py", "def test_b():\n    $0pass\n")
    assert not test_skeleton.find(spot, workspace.tools())


STUBS = [
    (
        "shop/disk.py",
        "from shop.base import Store\n\n\nclass Disk(Store):\n"
        "    $0def put(self, key, value=1):\n        pass\n",
        "\n    async def get(self, key: str) -> bytes:\n        raise NotImplementedError\n"
        "\n    @property\n    def name(self) -> str:\n        raise NotImplementedError\n",
    ),
    (
        "web/circle.ts",
        'import { Shape } from "./shape";\n\nexport class Circle implements Shape {$0\n}\n',
        "\n  name: string;\n\n  area(scale: number): number {\n"
        '    throw new Error("not implemented");\n  }\n',
    ),
    (
        "java/org/acme/Circle.java",
        "package org.acme;\n\nclass Circle implements Shape {$0\n}\n",
        "\n    @Override\n    public double area(double scale) throws Exception {\n"
        "        throw new UnsupportedOperationException();\n    }\n",
    ),
]


@pytest.mark.parametrize(("name", "marked", "added"), STUBS)
def test_a_class_gets_what_its_bases_demand(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, added: str
) -> None:
    spot, tools = workspace.spot(name, marked), workspace.tools()
    (said,) = stubs.find(spot, tools)
    assert said.is_preferred
    change = stubs.change(spot, tools, "")
    assert "".join(edit.text for edit in change.edits) == added
    text_of(change, tmp_path)


@pytest.mark.parametrize("body", [": pass", ":\n    pass\n", ":\n    ...\n"])
def test_a_placeholder_gives_way(workspace: Indexed, tmp_path: Path, body: str) -> None:
    source = "class P:\n    def put(self):\n        raise NotImplementedError\n\n\n"
    spot = workspace.spot("shop/one.py", f"{source}class Q(P)$0{body}")
    text = text_of(stubs.change(spot, workspace.tools(), ""), tmp_path)
    stub = "class Q(P):\n    def put(self):\n        raise NotImplementedError"
    assert text.rstrip("\n") == source + stub


def test_a_class_that_has_everything_is_left_alone(workspace: Indexed) -> None:
    text = (
        "from shop.base import Named\n\n\nclass One(Named):$0\n    @property\n"
        "    def name(self):\n        return 1\n"
    )
    assert not stubs.find(workspace.spot("shop/one.py", text), workspace.tools())
