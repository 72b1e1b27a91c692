"""What is read of a cursor's surroundings: the receiver, what it may be, what is near, in many languages."""

from __future__ import annotations

import pytest

from pilotfish.context.place import look_around
from pilotfish.text.document import Position, Range
from tests.marked import marked


@pytest.mark.parametrize(
    ("text", "receiver"),
    [
        ("self.model.$0", ("self", "model")),
        ("x = self.model.fo$0", ("self", "model")),
        ("this->items[0]->$0", ("this", "items")),
        ("std::vector<int>::$0", ("std", "vector")),
        ("make(a, b(c)).$0", ("make",)),
        ("a?.b?.$0", ("a", "b")),
        ("f(one.two, three.$0", ("three",)),
        ("return $0", ()),
        ("1.5$0", ()),
        ("größe.$0", ("größe",)),
        ("$0", ()),
    ],
)
def test_the_receiver(text: str, receiver: tuple[str, ...]) -> None:
    assert look_around(*marked(text)).receiver == receiver


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(bundle: Optional[RayBundle]):\n    bundle.$0", {"Optional", "RayBundle"}),
        ("bundle = make_bundle(3)\nbundle.$0", {"make_bundle"}),
        ("bundle := cameras.NewBundle(1)\nbundle.$0", {"cameras", "NewBundle"}),
        ("func f(bundle *cameras.Bundle) {\nbundle.$0", {"cameras", "Bundle"}),
        ("final Map<String, Bundle> bundle = null;\nbundle.$0", {"Map", "null"}),
        ("Bundle *bundle;\nbundle->$0", {"Bundle"}),
        ("const bundle: Bundle = load()\nbundle.$0", {"const", "Bundle", "load"}),
        ("$bundle = new Bundle();\n$bundle->$0", {"new", "Bundle"}),
        ("unbundle = Other()\nbundled: Other\nbundle.$0", set()),
        ("bundle::Other\nbundle == Other\nbundle.$0", set()),
    ],
)
def test_what_a_name_may_be_is_read_where_it_is_declared_or_set(text: str, names: set[str]) -> None:
    assert set(look_around(*marked(text)).beside("bundle")) == names


def test_what_is_nearer_weighs_more() -> None:
    place = look_around(*marked("far = Far()\n" + "\n" * 200 + "far = Near()\nfar.$0\nbelow\n"))
    beside = place.beside("far")
    assert beside["Near"] > beside["Far"]
    assert place.near["far"] == 1
    assert 0 < place.near["below"] < 1
    assert "Far" not in place.near


def test_the_word_that_is_begun_and_the_rest_of_the_line_say_nothing() -> None:
    place = look_around(*marked("client.se$0nd(message)\n"))
    assert place.line_start == "client."
    assert set(place.near) == {"client"}


def test_the_bases_of_the_classes_around_the_cursor() -> None:
    text = (
        "class Far(Other):\n    pass\n\nclass Mine(Base, mixins.Shared):\n    def f(self):\n        self.$0"
    )
    place = look_around(*marked(text))
    assert place.is_own
    assert place.surrounding_bases() == ["Mine", "Base", "mixins", "Shared"]
    java = look_around(*marked("public final class A extends B implements C {\n  void f() {\n    this.$0"))
    assert {"A", "B", "C"} <= set(java.surrounding_bases())


@pytest.mark.parametrize(
    "line",
    [
        "from tools.write import writer",
        'import * as writer from "./tools/write"',
        'const writer = require("./tools/write")',
        "use tools::write::writer;",
        "import tools.write as writer",
    ],
)
def test_an_import_tells_of_its_module(line: str) -> None:
    place = look_around(*marked(f"{line}\nwriters = 1\n\nwriter.$0"))
    assert {"tools", "write"} <= set(place.imported_with("writer"))
    assert "writer" in place.imported
    assert "writers" not in place.imported


def test_a_range_is_near_as_a_whole() -> None:
    document, _ = marked("above\none = two\nthree\n$0")
    place = look_around(document, Range(Position(1, 0), Position(2, 5)))
    assert {name: place.near[name] for name in ("one", "two", "three")} == dict.fromkeys(
        ["one", "two", "three"], 1
    )
    assert place.near["above"] < 1
    assert place.receiver == ()
