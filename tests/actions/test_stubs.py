"""Stubs of what a type has to have: exact, valid, and offered only where something is missing."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.actions import stubs
from pilotfish.actions.bases import demanded
from pilotfish.actions.exact import Change
from pilotfish.text.edit import applied
from tests.actions.checkers import check
from tests.actions.workspace import CURSOR, Indexed, indexed

FILES = {
    "shop/__init__.py": "",
    "shop/base.py": (
        "from abc import ABC, abstractmethod\nfrom decimal import Decimal\n"
        "from typing import Generic, TypeVar\n\nK = TypeVar('K')\n\n\nclass Named(ABC):\n"
        "    @property\n    @abstractmethod\n    def name(self) -> str:\n        ...\n\n\n"
        "class Store(Named):\n    @abstractmethod\n"
        "    async def get(self, key: str) -> bytes:\n        '''Get.'''\n\n"
        "    def put(self, key, value=1):\n        raise NotImplementedError\n\n"
        "    def close(self):\n        return None\n\n\n"
        "class Price:\n    pass\n\n\n"
        "class Prices(ABC, Generic[K]):\n    @abstractmethod\n"
        "    def of(self, key: K, tax: Decimal) -> Price:\n"
        "        ...\n"
    ),
    "shop/table.py": (
        "from collections.abc import Mapping\n\n\nclass Table(Mapping):\n"
        "    def __len__(self):\n        return 0\n\n    def __iter__(self):\n        return iter(())\n\n"
        "    def save(\n        self,\n        path: str,  # one, or two\n        # of\n"
        "        mode=(1,),\n    ) -> None:\n"
        '        """Save it.\n\n        All.\n        """\n        raise NotImplementedError("no")\n\n'
        "    def load(self):\n        if not self:\n            raise NotImplementedError\n        return 1\n"
    ),
    "web/shape.ts": "export type Unit = string;\n\nexport interface Shape<T> {\n  name: string;\n"
    "  label?: string;\n  /** Of {@link Unit}. */\n  area(scale: Unit): T;\n}\n\n"
    "export namespace Shape {\n  export function is(value: any): boolean { return true; }\n}\n\n"
    "export class Plain {\n  size: number = 1;\n  grow() { return 1; }\n}\n",
    "java/org/acme/Shape.java": (
        "package org.acme;\n\nimport java.util.List;\n\npublic interface Shape<T> {\n"
        "    /** In {@code m}. */\n"
        "    List<T> area(double scale) throws Exception;\n"
        '    default String name() { return ""; }\n}\n'
    ),
    "go.mod": "module example.org/app\n",
    "store/store.go": (
        'package store\n\nimport "context"\n\ntype Item struct{}\n\n// Store keeps {things}.\n'
        "type Store[K comparable] interface {\n\tCloser\n"
        "\t// Get gets.\n\tGet(ctx context.Context, key K) (*Item, error)\n}\n\n"
        "type Closer interface{ Close() error }\n\n"
        "type Flush interface{ Flush() error }\n\n"
        "type Log interface {\n\tOpen(path string) error\n\tLines() []string\n}\n"
    ),
    "src/store.rs": (
        "use std::collections::HashMap;\n\npub trait Store<K>: Named\nwhere\n    K: Clone,\n{\n"
        "    type Entry;\n"
        "    const N: usize;\n    const M: usize = 3;\n    /// Of { }.\n"
        "    fn get(&self, key: K) -> Option<HashMap<K, u8>>;\n    fn size(&self) -> usize { 0 }\n}\n\n"
        "pub trait Named { fn name(&self) -> String; }\n"
    ),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    with indexed(tmp_path_factory.mktemp("stubs"), FILES) as made:
        yield made


def text_of(change: Change, folder: Path) -> str:
    text = applied(change.document.lines, change.edits)
    check(text, change.document.language_id, folder)
    return text


PYTHON_RAISES = "        raise NotImplementedError\n"
JAVA_THROWS = "        throw new UnsupportedOperationException();\n    }\n"
GO_PANICS = '\tpanic("not implemented")\n}\n'
RUST_TODO = "        todo!()\n    }\n"

# A name; a text with the cursor in the type, and what it becomes: `$1` in it is where the stubs are.
STUBS = [
    (
        "shop/disk.py",
        "from shop.base import Store\n\n\nclass Disk(Store):\n    $0def put(self, key, value=1):\n"
        "        pass\n$1",
        f"\n    async def get(self, key: str) -> bytes:\n{PYTHON_RAISES}"
        f"\n    @property\n    def name(self) -> str:\n{PYTHON_RAISES}",
    ),
    (
        "shop/disk.py",
        "import collections.abc as abc\n\n\nclass Mapping(abc.MutableMapping[str, int]):\n"
        "    def __len__(self):\n        return $00\n$1",
        f"\n    def __setitem__(self, key, value):\n{PYTHON_RAISES}"
        f"\n    def __delitem__(self, key):\n{PYTHON_RAISES}"
        f"\n    def __getitem__(self, key):\n{PYTHON_RAISES}\n    def __iter__(self):\n{PYTHON_RAISES}",
    ),
    (
        "shop/disk.py",
        "from shop.table import Table\n\n\nclass Disk(Table):\n    $0size = 1\n$1",
        f"\n    def save(self, path: str, mode=(1,)) -> None:\n{PYTHON_RAISES}"
        f"\n    def __getitem__(self, key):\n{PYTHON_RAISES}",
    ),
    (
        "shop/log.py",
        "import logging\n\n\nclass Log(logging.Handler):\n    $0size = 1\n$1",
        f"\n    def emit(self, record):\n{PYTHON_RAISES}",
    ),
    (
        "web/circle.ts",
        'import { Shape, Unit } from "./shape";\n\n'
        "export class Circle implements Shape<Map<Unit, Circle>> {$0\n$1}\n",
        "  name: string;\n\n  area(scale: Unit): Map<Unit, Circle> {\n"
        '    throw new Error("not implemented");\n  }\n',
    ),
    (
        "java/org/acme/Circle.java",
        "package org.acme;\n\nimport java.util.List;\n\n"
        "class Circle implements Shape<String>, Comparable<Circle> {$0\n$1}\n",
        f"    @Override\n    public List<String> area(double scale) throws Exception {{\n{JAVA_THROWS}"
        f"\n    @Override\n    public int compareTo(Circle other) {{\n{JAVA_THROWS}",
    ),
    (
        "java/org/acme/Square.java",
        "package org.acme;\n\n/**\n * Square.\n */\nclass Square implements Runnable {$0\n$1}\n\n"
        "class Other {\n  int a;\n}\n",
        f"  @Override\n  public void run() {{\n{JAVA_THROWS.replace('    ', '  ')}",
    ),
    (
        "disk/disk.go",
        'package disk\n\nimport (\n\t"context"\n\t"example.org/app/store"\n)\n\ntype (\n'
        "\tDisk struct{}\n)\n$1\n"
        "var _ store.Store[string] = (*Disk)$0(nil)\n",
        f"\nfunc (d *Disk) Get(ctx context.Context, key string) (*store.Item, error) {{\n{GO_PANICS}"
        f"\nfunc (d *Disk) Close() error {{\n{GO_PANICS}",
    ),
    (
        "store/memory.go",
        "package store\n\n// Memory implements Closer.\n"
        "type Memory[K comparable, V any] struct {$0}\n$1\nfunc f() {}\n",
        f"\nfunc (m *Memory[K, V]) Close() error {{\n{GO_PANICS}",
    ),
    (
        "store/pipe.go",
        "package store\n\n// Pipe implements Closer.\ntype Pipe struct{}\n$1\nvar _ Flush = $0Pipe{}\n",
        f"\nfunc (p Pipe) Flush() error {{\n{GO_PANICS}",
    ),
    (
        "store/file.go",
        "package store\n\ntype File struct {$0}\n\n"
        "func (at File) Open(name string) (err error) { return }\n$1",
        f"\nfunc (at File) Lines() []string {{\n{GO_PANICS}",
    ),
    (
        "web/handler.go",
        'package web\n\nimport "net/http"\n\ntype root struct{}\n$1\nvar _ http.Handler = $0root{}\n',
        f"\nfunc (this root) ServeHTTP(w http.ResponseWriter, r *http.Request) {{\n{GO_PANICS}",
    ),
    (
        "web/hash.go",
        'package web\n\nimport "hash"\n\ntype Sum struct{}\n\n'
        "func (s *Sum) Write(p []byte) (int, error) { return 0, nil }\nfunc (s *Sum) Reset()     {}\n"
        "func (s *Sum) Size() int { return 0 }\n$1\nvar _ hash.Hash = $0(*Sum)(nil)\n",
        f"\nfunc (s *Sum) Sum(b []byte) []byte {{\n{GO_PANICS}"
        f"\nfunc (s *Sum) BlockSize() int {{\n{GO_PANICS}",
    ),
    (
        "java/org/acme/Pair.java",
        "package org.acme;\n\nimport java.util.Map;\n\n"
        "class Pair implements Map.Entry<String, Long> {$0\n    public String getKey() { return null; }\n"
        "    public Long getValue() { return null; }\n$1}\n",
        f"\n    @Override\n    public Long setValue(Long value) {{\n{JAVA_THROWS}",
    ),
    (
        "web/reader.go",
        'package web\n\nimport "io"\n\ntype Reader struct{}\n$1\nvar _ io.Reader = $0(*Reader)(nil)\n',
        f"\nfunc (r *Reader) Read(p []byte) (n int, err error) {{\n{GO_PANICS}",
    ),
    (
        "src/disk.rs",
        "use crate::store::Store;\nuse std::collections::HashMap;\n\nstruct Disk;\n\n"
        "impl Store<String> for Disk {\n$1    $0\n}\n",
        "    type Entry = ();\n\n    const N: usize = todo!();\n\n"
        f"    fn get(&self, key: String) -> Option<HashMap<String, u8>> {{\n{RUST_TODO}",
    ),
    (
        "src/disk.rs",
        "use std::fmt;\n\nstruct Disk;\n\nimpl fmt::Display for Disk {$0\n$1}\n",
        f"    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n{RUST_TODO}",
    ),
    (
        "src/disk.rs",
        "struct Disk;\n\nimpl std::ops::Add for Disk {\n    type Output = Disk;$0\n$1}\n",
        f"\n    fn add(self, rhs: Self) -> Self::Output {{\n{RUST_TODO}",
    ),
]


@pytest.mark.parametrize(("name", "marked", "added"), STUBS)
def test_a_type_gets_what_its_bases_demand(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, added: str
) -> None:
    spot, tools = workspace.spot(name, marked.replace("$1", "")), workspace.tools()
    said, *_ = stubs.find(spot, tools)
    assert said.is_preferred == (name != "store/file.go")
    text = text_of(stubs.change(spot, tools, said.detail), tmp_path)
    blank_body = "$1    $0\n" if "$1    $0\n" in marked else "$1"
    assert text == marked.replace(blank_body, added).replace(CURSOR, "")


@pytest.mark.parametrize(
    ("name", "marked", "imported"),
    [
        (
            "shop/disk.py",
            "from shop.base import Prices\n\n\nclass Disk(Prices[str]):$0\n    pass\n",
            "from decimal import Decimal\n\nfrom shop.base import Price, Prices\n",
        ),
        (
            "web/circle.ts",
            'import { Shape } from "./shape";\n\nclass Circle implements Shape<number> {$0}\n',
            'import { Shape, Unit } from "./shape";\n',
        ),
        (
            "java/org/acme/Circle.java",
            "package org.acme;\n\nclass Circle implements Shape<String> {$0}\n",
            "package org.acme;\n\nimport java.util.List;\n",
        ),
        (
            "store/memory.go",
            "package store\n\n// Memory implements Store.\ntype Memory struct {$0}\n",
            'package store\n\nimport "context"\n',
        ),
        (
            "src/disk.rs",
            "use crate::store::Store;\n\nimpl Store<u8> for u16 {$0}\n",
            "use crate::store::Store;\nuse std::collections::HashMap;\n",
        ),
    ],
)
def test_what_stubs_name_is_imported(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, imported: str
) -> None:
    text = text_of(stubs.change(workspace.spot(name, marked), workspace.tools(), ""), tmp_path)
    assert text.startswith(imported)


@pytest.mark.parametrize("body", [": pass", ":\n    pass\n", ":\n    ...\n"])
def test_a_placeholder_gives_way(workspace: Indexed, tmp_path: Path, body: str) -> None:
    source = "class P:\n    def put(self):\n        raise NotImplementedError\n\n\n"
    spot = workspace.spot("shop/one.py", f"{source}class Q(P)$0{body}")
    text = text_of(stubs.change(spot, workspace.tools(), ""), tmp_path)
    stub = "class Q(P):\n    def put(self):\n        raise NotImplementedError"
    assert text.rstrip("\n") == source + stub


def _abstract_classes() -> list[tuple[str, str]]:
    """All that this interpreter's library has of them in the modules that people take them from."""
    modules = map(importlib.import_module, ("collections.abc", "contextlib", "numbers", "os", "selectors"))
    return [
        (module.__name__, name)
        for module in modules
        for name, found in vars(module).items()
        if inspect.isabstract(found) and not name.startswith("_")
    ]


@pytest.mark.parametrize(("module", "name"), _abstract_classes())
def test_of_pythons_own_abstract_classes_exactly_that_is_demanded_which_is_abstract(
    workspace: Indexed, module: str, name: str
) -> None:
    marked = f"from {module} import {name}\n\n\nclass One({name}):$0\n    pass\n"
    spot, lookup = workspace.spot("shop/one.py", marked), workspace.tools().lookup(frozenset(), 1.0)
    found = getattr(importlib.import_module(module), name)
    assert demanded([name], (), spot, lookup).keys() == found.__abstractmethods__


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        (
            "shop/one.py",
            "from shop.base import Named\n\n\nclass One(Named):$0\n    @property\n"
            "    def name(self):\n        return 1\n",
        ),
        ("shop/one.py", "from magazine import Store\n\n\nclass One(Store):$0\n    pass\n"),
        (
            "shop/one.py",
            "import magazine\n\n\nclass Store:\n    def get(self):\n        raise NotImplementedError\n\n\n"
            "class One(magazine.Store):$0\n    pass\n",
        ),
        (
            "shop/one.py",
            "import abc\nfrom shop.base import Store\n\n\nclass A(Store, abc.ABC):$0\n    pass\n",
        ),
        (
            "shop/one.py",
            "import abc\nfrom shop.base import Store\n\n\nclass One(Store):\n    @abc.abstractmethod\n"
            "    def size(self):$0\n        ...\n",
        ),
        ("java/org/acme/One.java", "package org.acme;\n\ninterface One extends Runnable {$0\n}\n"),
        ("java/org/acme/One.java", "package org.acme;\n\nabstract class One implements Runnable {$0\n}\n"),
        ("shop/one.py", "import threading\n\n\nclass One(threading.Thread):$0\n    pass\n"),
        ("web/one.ts", 'import { Plain } from "./shape";\n\nclass One extends Plain {$0\n}\n'),
        ("web/one.go", "package web\n\ntype One struct {$0}\n\nfunc (o One) Close() error { return nil }\n"),
        ("store/one.go", "package store\n\ntype One struct {$0\n\tCloser\n}\n\nvar _ Closer = One{}\n"),
        ("web/two.go", "package web\n\ntype Two struct{}\n\nvar _ Reader = $0Two{}\n"),
        ("src/one.rs", "struct One;\n\nimpl One {$0}\n"),
        ("src/one.rs", "struct One;\n\nimpl Iterator for One { type Item = u8; fn next(&mut self) {$0} }\n"),
    ],
)
def test_a_type_that_lacks_nothing_is_left_alone(workspace: Indexed, name: str, marked: str) -> None:
    assert not stubs.find(workspace.spot(name, marked), workspace.tools())
