"""What the sources find in a small workspace with a real index, in several languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pilotfish.context.gather import gather_at_once
from pilotfish.context.held import Around
from pilotfish.context.place import look_around
from pilotfish.context.recent_edits import RecentEdit
from pilotfish.context.snippet import Context
from pilotfish.context.sources import OF_THE_REGION, Known, sources_for
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.reader import IndexReader
from pilotfish.platform.clock import SystemClock
from pilotfish.settings.model import IndexSettings
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position
from tests.marked import CURSOR, document_of, lines_of

PYTHON = {
    "shop/client.py": '''\
class Base:
    def close(self) -> None:
        """End it."""


class RemoteClient(Base):
    timeout: int = 3

    def send_order(self, order, *, retries: int = 2) -> "Receipt":
        return Receipt(order)


def connect(address: str) -> RemoteClient:
    return RemoteClient(address)
''',
    "shop/orders.py": "def ship(remote, parcel):\n    remote.track_parcel(parcel)\n",
    "tests/test_checkout.py": "def test_checkout_pays_once():\n    assert pay()\n",
}
GO = {
    "shop/client.go": """\
package shop

type Client struct {
	Timeout int
}

func (c *Client) SendOrder(order Order) error {
	return nil
}
""",
    "main.go": "package main\n",
}
TYPESCRIPT = {
    "src/client.ts": """\
export class RemoteClient {
  constructor(private readonly url: string) {}

  sendOrder(order: Order): Promise<Receipt> {
    return post(this.url, order)
  }
}
""",
}
JAVA = {
    "src/Client.java": """\
public class Client {
  public Receipt sendOrder(Order order) {
    return null;
  }
}
""",
}


def found(
    root: Path,
    files: Mapping[str, str],
    own: str,
    text: str,
    max_tokens: int = 400,
    only: Collection[str] | None = None,
    **known: object,
) -> Context:
    """Index the files and gather for the cursor in `text`, which is that of the file `own`."""
    for name, content in {**files, own: text.replace(CURSOR, "")}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    build(root, root.parent / "index", IndexSettings())
    before, after = text.split(CURSOR)
    path = root / own
    lines = lines_of(before + after)
    document = Document(path.as_uri(), path, language_of_path(path).id, 1, lines)
    position = Position(len(lines_of(before)) - 1, len(lines_of(before)[-1]))
    view = IndexReader(root, root.parent / "index").view()
    lookup = Lookup([CatalogReader(root, root.parent / "index")], {path})
    sources = sources_for(look_around(document, position), Known(view, lookup, {path}, **known), only)  # type: ignore[arg-type]
    return gather_at_once(sources, max_tokens=max_tokens, clock=SystemClock())


def line_of(context: Context, name: str) -> tuple[str, str, str]:
    """Path, source and line in which a name stands."""
    for snippet in context.snippets:
        for line in snippet.text.splitlines():
            if name in line:
                return snippet.path, snippet.source, line
    raise AssertionError(f"{name} is in none of {context.snippets}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return (tmp_path / "work").resolve()


@pytest.mark.parametrize(
    ("files", "own", "text", "name", "path", "line"),
    [
        (PYTHON, "app.py", "def f(client: RemoteClient):\n    client.$0\n", "send_order", "shop/client.py",
         "def send_order(self, order, *, retries: int = 2)"),
        (PYTHON, "app.py", "x = connect(here)\nx.$0\n", "send_order", "shop/client.py", None),
        (PYTHON, "app.py", "remote_client.$0\n", "timeout", "shop/client.py", "timeout: int = 3"),
        (PYTHON, "app.py", "def f(client: RemoteClient):\n    client.$0\n", "close", "shop/client.py", None),
        (PYTHON, "app.py", "class Mine(RemoteClient):\n    def f(self):\n        self.$0\n", "send_order",
         "shop/client.py", None),
        (PYTHON, "app.py", "from shop import client\nclient.$0\n", "connect", "shop/client.py", None),
        (PYTHON, "app.py", "remote.$0\n", "track_parcel", "shop/orders.py", "remote.track_parcel(parcel)"),
        (PYTHON, "shop/checkout.py", "def pay():\n    $0\n", "test_checkout_pays_once",
         "tests/test_checkout.py", None),
        (GO, "main.go", "func run(c *shop.Client) {\n\tc.$0\n}\n", "SendOrder", "shop/client.go", None),
        (TYPESCRIPT, "src/app.ts", "const client = new RemoteClient(url)\nclient.$0\n", "sendOrder",
         "src/client.ts", None),
        (JAVA, "src/App.java", "class App {\n  void run(Client client) {\n    client.$0\n  }\n}\n",
         "sendOrder", "src/Client.java", None),
    ],
)  # fmt: skip
def test_what_comes_next_is_found(
    root: Path, files: Mapping[str, str], own: str, text: str, name: str, path: str, line: str | None
) -> None:
    there, _, shown = line_of(found(root, files, own, text), name)
    assert there == path
    assert line is None or shown.strip().startswith(line)


def test_what_is_shown_is_never_the_own_file_nor_over_the_budget(root: Path) -> None:
    text = "def own_function(client):\n    client.own_member()\n    client.$0\n"
    context = found(root, PYTHON, "app.py", text, max_tokens=40)
    assert context.tokens <= 40
    assert "app.py" not in {snippet.path for snippet in context.snippets}
    assert all("own_" not in snippet.text for snippet in context.snippets)


def test_a_line_of_use_is_where_it_is_said_to_be(root: Path) -> None:
    text = "import os\n\n\ndef first(remote):\n    if remote:\n\n        remote.track_parcel(1)\n"
    context = found(root, {"lib.py": text}, "app.py", "remote.$0\n", only=["usages"])
    snippet = next(snippet for snippet in context.snippets if snippet.source == "usages")
    assert text.splitlines()[snippet.start_line].strip() == snippet.text.strip()


def test_recent_edits_and_open_tabs_are_shown(root: Path) -> None:
    tab = document_of("def parcel_of(order):\n    return order.parcel\n", name="tab.py")
    edit = RecentEdit("edited.py", 7, "def weigh_parcel(order):\n    pass\n")
    context = found(
        root, PYTHON, "app.py", "def f(order):\n    parcel = 1\n    $0\n", others=[tab], edits=[edit]
    )
    assert {("tab.py", "open_tabs"), ("edited.py", "recent_edits")} <= {
        (snippet.path, snippet.source) for snippet in context.snippets
    }


def test_what_was_found_for_a_region_is_not_looked_for_again(root: Path) -> None:
    around = Around()
    text = "def f(order):\n    connect(order)\n    $0\n"
    first = found(root, PYTHON, "app.py", text, around=around)
    assert {*around.found} == {*OF_THE_REGION}
    first = found(root, PYTHON, "app.py", text, only=["names"], around=around)
    assert line_of(first, "connect")[1] == "names"
    (root / "shop" / "client.py").unlink()
    again = found(root, {}, "app.py", text, only=["names"], around=around)
    assert again.snippets == first.snippets


def test_what_was_cut_short_is_looked_for_again() -> None:
    around = Around()
    lookup: Any = SimpleNamespace(is_late=True, files=lambda *_, **__: [])
    place = look_around(document_of("value = 1\n"), Position(0, 0))
    sources = sources_for(place, Known(lookup=lookup, around=around), only=["siblings"])
    gather_at_once(sources, max_tokens=100, clock=SystemClock())
    assert not around.found
    lookup.is_late = False
    sources = sources_for(place, Known(lookup=lookup, around=around), only=["siblings"])
    gather_at_once(sources, max_tokens=100, clock=SystemClock())
    assert around.found == {"siblings": []}


def test_without_an_index_there_is_what_is_open(root: Path) -> None:
    del root
    tab = document_of("def parcel_of(order):\n    return order.parcel\n", name="tab.py")
    place = look_around(document_of("def f(order):\n    parcel = 1\n    \n"), Position(2, 4))
    context = gather_at_once(sources_for(place, Known(others=[tab])), max_tokens=100, clock=SystemClock())
    assert [snippet.path for snippet in context.snippets] == ["tab.py"]


def test_a_source_that_is_switched_off_is_not_asked(root: Path) -> None:
    del root
    place = look_around(document_of("value = 1\n"), Position(0, 0))
    left = sources_for(place, Known(), without=("usages", "similar"))
    assert not {"usages", "similar"} & left.keys()
    assert "definitions" in left
    for steps in left.values():
        steps.close()
