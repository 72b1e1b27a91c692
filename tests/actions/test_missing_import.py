"""Missing imports: which name, which import, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.actions.missing_import import change, find
from pilotfish.text.edit import applied
from tests.actions.checkers import check
from tests.actions.workspace import CURSOR, Indexed, indexed

FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": (
        "from __future__ import annotations\n\nimport numpy as np\n\nfrom shop.prices import Price\n\n\n"
        "class Cart:\n    total: Price\n    n = np.zeros(3)\n"
    ),
    "shop/prices.py": "import numpy as np\n\n\nclass Price:\n    pass\n\n\ndef round_up(x):\n    return x\n",
    "shop/mail.py": "from .prices import Price\n",
    "shop/tax/__init__.py": "from shop.tax.rates import Rate\n",
    "shop/tax/rates.py": "class Rate:\n    pass\n",
    "web/api.ts": "export class Api {}\nexport function call(x: string) { return x; }\n",
    "web/main.ts": "import { Api } from './api'\n\nconst api = new Api()\n",
    "web/util.js": "export function once(f) { return f; }\n",
    "web/use.js": 'import { once } from "./util";\n',
    "go.mod": "module example.org/app\n\ngo 1.22\n",
    "store/store.go": "package store\n\nfunc Open(path string) error { return nil }\n",
    "src/main/java/org/acme/util/Tool.java": "package org.acme.util;\n\npublic class Tool {}\n",
    "crate/src/model/item.rs": "pub struct Item {}\n",
    "crate/src/main.rs": "mod model;\n",
}

# Name, text with the cursor at the unbound name, what the text becomes with the first offer.
CASES = [
    (
        "shop/new.py",
        '"""Doc."""\n\nimport os\n\nprint(os.sep, $0np.ones(2))\n',
        '"""Doc."""\n\nimport os\n\nimport numpy as np\n\nprint(os.sep, np.ones(2))\n',
    ),
    (
        "shop/new.py",
        "from shop.prices import Price\n\nprint(Price, $0round_up(1))\n",
        "from shop.prices import Price, round_up\n\nprint(Price, round_up(1))\n",
    ),
    (
        "shop/new.py",
        "from shop.prices import (\n    Price,\n)\n\nprint(Price, $0round_up(1))\n",
        "from shop.prices import (\n    Price,\n    round_up,\n)\n\nprint(Price, round_up(1))\n",
    ),
    (
        "shop/new.py",
        "from shop.prices import (\n    Price\n)\n\nprint(Price, $0round_up(1))\n",
        "from shop.prices import (\n    Price,\n    round_up\n)\n\nprint(Price, round_up(1))\n",
    ),
    (
        "shop/new.py",
        "#!/usr/bin/env python\n# A script.\n\nprint($0json.dumps(1))\n",
        "#!/usr/bin/env python\n# A script.\n\nimport json\n\nprint(json.dumps(1))\n",
    ),
    (
        "shop/new.py",
        "x = $0defaultdict(int)\n",
        "from collections import defaultdict\n\nx = defaultdict(int)\n",
    ),
    (
        "shop/new.py",
        "from .mail import send\n\nsend($0Price())\n",
        "from .mail import send\nfrom .prices import Price\n\nsend(Price())\n",
    ),
    (
        "shop/new.py",
        '"""Doc."""\r\n\r\nx = $0sys.argv\r\n',
        '"""Doc."""\r\n\r\nimport sys\r\n\r\nx = sys.argv\r\n',
    ),
    ("tests/test_tax.py", "print($0Rate())\n", "from shop.tax import Rate\n\nprint(Rate())\n"),
    ("shop/tax/use.py", "print($0Rate())\n", "from shop.tax.rates import Rate\n\nprint(Rate())\n"),
    (
        "web/new.ts",
        "import { Api } from './api'\n\nnew Api($0call('x'))\n",
        "import { Api, call } from './api'\n\nnew Api(call('x'))\n",
    ),
    (
        "web/deep/new.ts",
        'import * as fs from "fs";\n\nnew $0Api(fs);\n',
        'import * as fs from "fs";\nimport { Api } from "../api";\n\nnew Api(fs);\n',
    ),
    ("web/new.js", "$0once(1);\n", 'import { once } from "./util";\n\nonce(1);\n'),
    (
        "cmd/main.go",
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
        "func main() { fmt.Println(os.Args, $0json.Marshal(1)) }\n",
        'package main\n\nimport (\n\t"encoding/json"\n\t"fmt"\n\t"os"\n)\n\n'
        "func main() { fmt.Println(os.Args, json.Marshal(1)) }\n",
    ),
    (
        "cmd/main.go",
        "package main\n\nfunc main() { $0store.Open(``) }\n",
        'package main\n\nimport "example.org/app/store"\n\nfunc main() { store.Open(``) }\n',
    ),
    (
        "src/main/java/org/acme/App.java",
        "package org.acme;\n\nimport java.util.List;\n\nclass App { List<$0Tool> tools; }\n",
        "package org.acme;\n\nimport java.util.List;\nimport org.acme.util.Tool;\n\n"
        "class App { List<Tool> tools; }\n",
    ),
    (
        "src/main/java/org/acme/App.java",
        "package org.acme;\n\nclass App { $0Map<String, String> m; }\n",
        "package org.acme;\n\nimport java.util.Map;\n\nclass App { Map<String, String> m; }\n",
    ),
    (
        "crate/src/other.rs",
        "use std::fmt;\n\nfn f(m: $0HashMap<u8, u8>) -> fmt::Result { Ok(()) }\n",
        "use std::collections::HashMap;\nuse std::fmt;\n\n"
        "fn f(m: HashMap<u8, u8>) -> fmt::Result { Ok(()) }\n",
    ),
    (
        "crate/src/other.rs",
        "fn f(i: $0Item) {}\n",
        "use crate::model::item::Item;\n\nfn f(i: Item) {}\n",
    ),
]

NOTHING = [
    ("shop/new.py", "import os\n\nprint($0os.sep)\n"),
    ("shop/new.py", "print($0len([]))\n"),
    ("shop/new.py", "def f(a):\n    return $0a\n"),
    ("shop/new.py", "x.$0dumps(1)\n"),
    ("shop/new.py", "from shop.prices import *\n\nprint($0round_up(1))\n"),
    ("web/new.ts", "const api = 1; $0api;\n"),
    ("src/main/java/org/acme/App.java", "class App { $0String s; }\n"),
    ("notes.txt", "$0json\n"),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    with indexed(tmp_path_factory.mktemp("imports"), FILES) as made:
        yield made


@pytest.mark.parametrize(("name", "marked", "wanted"), CASES)
def test_the_first_offer_is_written_where_it_belongs(
    workspace: Indexed, tmp_path: Path, name: str, marked: str, wanted: str
) -> None:
    spot, tools = workspace.spot(name, marked), workspace.tools()
    first, *_ = find(spot, tools)
    assert first.is_preferred
    made = change(spot, tools, first.detail)
    text = applied(spot.document.lines, made.edits)
    assert text == wanted
    check(text, spot.language.id, tmp_path)


@pytest.mark.parametrize(("name", "marked"), NOTHING)
def test_what_is_bound_or_unclear_is_left_alone(workspace: Indexed, name: str, marked: str) -> None:
    assert not find(workspace.spot(name, marked), workspace.tools())


def test_a_diagnostic_names_what_is_missing_wherever_the_cursor_is(workspace: Indexed) -> None:
    spot = workspace.spot(
        "shop/new.py", "def np_like(np):\n    pass\n\n\nprint(np.ones(1))$0\n", '"np" is not defined'
    )
    assert find(spot, workspace.tools())[0].detail == "import numpy as np"


def test_the_offers_are_those_of_the_name_at_the_cursor(workspace: Indexed) -> None:
    text = f"print({CURSOR}np.ones(1), Price, json.dumps(1))\n"
    offers = find(workspace.spot("shop/new.py", text), workspace.tools())
    assert {offer.detail for offer in offers} == {"import numpy as np"}
