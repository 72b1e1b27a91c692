"""A small code base, real enough for the engine to know how its lines go on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ORDERS = """\
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Order:
    customer: str
    total: float


def read_orders(folder: Path) -> list[Order]:
    orders = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        orders.append(Order(content["customer"], content["total"]))
    return orders
"""

PART = """\
from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

log = logging.getLogger(__name__)


def read_part_{number}(folder: Path) -> dict[str, float]:
    try:
        content = json.loads((folder / "part{number}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        log.warning("nothing to read in %s", folder)
        return {{}}
    return content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO)
    print(read_part_{number}(args.folder))
"""

# A file that is being written: its last line is where the tests type.
BEGUN = """\
from __future__ import annotations

import json
from pathlib import Path


def read_other(folder: Path) -> dict[str, float]:
    try:
        content = json.loads((folder / "other.json").read_text(encoding="utf-8"))
"""


def write_shop(folder: Path) -> Path:
    """The code base in a folder of its own."""
    root = folder / "shop"
    root.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / "orders.py").write_text(ORDERS, encoding="utf-8")
    for number in range(1, 4):
        (root / f"part{number}.py").write_text(PART.format(number=number), encoding="utf-8")
    return root


def build_index(root: Path, environment: Mapping[str, str]) -> None:
    """Before an editor starts: then nothing changes behind it while it is used."""
    index: list[str | Path] = [sys.executable, "-P", "-m", "pilotfish", "index", root]
    subprocess.run(index, check=True, env=dict(environment), capture_output=True)
