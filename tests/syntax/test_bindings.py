"""Names that nothing in a file binds."""

from __future__ import annotations

import pytest

from pilotfish.syntax.bindings import Use, unbound
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import parse
from pilotfish.text.document import Position

PYTHON = """\
import os.path as path, json
from typing import Any as A
from .x import y

class C(Base[T], metaclass=M):
    z: A = y
    def f(self, a, *args, b: int = d1, **kw) -> L[str]:
        for i, (j, k) in zip(a, b): print(i, j, k, self.q)
        with open(p1) as h, g1() as (m, n): print(h, m, n, path, json)
        try: pass
        except E1 as e: print(e)
        w = [v for v in u1 if (o := v)]
        print(w, o, (lambda r, s=1: r + s)(1), f"{t1!r}", key=1)
        match a:
            case D1(bar=b2): print(b2)
            case [c2, *d2]: print(c2, d2)
            case {"a": e2}: print(e2)
        global G
        a.b = c1[0] = 1
        print(G, __file__, len([]))

async def h(x: "Late"): yield from x
"""
SCRIPT = """\
import a, { b as c } from "x";
const { d, e: f, ...g } = h(i);
function k(l, { m }, [n] = [], ...o) { return p(l).q + new R({ s, t: u }, m, n, o); }
for (const v of w) { try { v(); } catch (y) { y(); } }
class Z extends AA { bb = 1; cc(dd) { return this.ee + dd; } }
let ff = gg => hh(gg, a, c, d, f, g, k, Z, ff);
window.x = undefined;
"""
CASES = [
    ("python", PYTHON, "Base T M L d1 p1 g1 E1 u1 t1 D1 c1"),
    ("javascript", SCRIPT, "h i p R s u w AA hh"),
    ("typescript", SCRIPT + "let x1: Map<T1, string>; enum E2 { A } type B<K> = K | E2; let z: B<NS.Q>;",
     "h i p R s u w AA hh T1 NS"),
    ("typescriptreact", "const a = <div><Foo b={c1}/></div>;", "Foo c1"),
    ("go", 'package m\n\nimport (\n\t"net/http"\n\tp "a/b"\n\t"x.org/go-db/v2"\n\t""\n)\n\n'
     "func f() { http.A(); p.B(); db.C(); net.D(); b.E() }\n", "net b"),
    ("go", 'package m\n\nimport "fmt"\n\nfunc f(a int) { b := a; fmt.Println(b, a.c, json.X, d1.e) }\n',
     "json d1"),
    ("java", "import a.B;\n\nclass C<T> { B b; D d; String s; T t; void f() { E.g(); t.h(); } }", "D E"),
    ("rust", "use a::B;\n\nstruct C<T> { b: B, t: Vec<T>, d: D }\n\nfn f() { E::new(); C::new(); }", "D E"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "names"), CASES, ids=[case[0] for case in CASES])
def test_what_is_used_and_nowhere_bound(language: str, text: str, names: str) -> None:
    tree = parse(text, language_of_id(language))
    assert tree is not None
    assert not tree.faults()
    found = list(dict.fromkeys(use.name for use in unbound(tree).uses))
    assert sorted(found) == sorted(names.split())


def test_a_use_tells_its_place_what_is_taken_from_it_and_whether_it_is_called() -> None:
    tree = parse("é = np.ones(1)\nf(Path(x1))\n", language_of_id("python"))
    assert tree is not None
    assert unbound(tree).uses == (
        Use("np", Position(0, 4), Position(0, 6), "ones", False),
        Use("f", Position(1, 0), Position(1, 1), "", True),
        Use("Path", Position(1, 2), Position(1, 6), "", True),
        Use("x1", Position(1, 7), Position(1, 9), "", False),
    )


def test_a_wildcard_is_told_and_somebody_who_knows_better_is_believed() -> None:
    tree = parse("from a import *\n\n\ndef f(np): pass\n\n\nnp.ones()\n", language_of_id("python"))
    assert tree is not None
    assert unbound(tree).has_wildcard
    assert not unbound(tree).uses
    assert [use.name for use in unbound(tree, {"np"}).uses] == ["np"]


@pytest.mark.parametrize("language", ["markdown", "shellscript", "plaintext"])
def test_other_languages_leave_nothing_open(language: str) -> None:
    tree = parse("a b c\n", language_of_id(language))
    assert tree is None or not unbound(tree).uses
