"""Everything that is installed has its exact version in constraints.txt, and that is what runs here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pins() -> dict[str, Requirement]:
    """The lines of constraints.txt by normalised name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def needed(name: str, seen: set[str]) -> Iterator[str]:
    """All that a distribution needs on this system, itself included, by normalised name."""
    name = canonicalize_name(name)
    if name in seen:
        return
    seen.add(name)
    yield name
    for text in requires(name) or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield from needed(requirement.name, seen)


def test_everything_is_pinned_to_what_is_installed() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(text).name for text in project["dependencies"]]
    developing = [Requirement(line) for line in lines if line and not line.startswith("#")]
    wanted += [one.name for one in developing if one.marker is None or one.marker.evaluate()]
    seen: set[str] = set()
    installed = {name: version(name) for top in wanted for name in needed(top, seen)}
    pinned = {name: str(pin.specifier).removeprefix("==") for name, pin in pins().items()}
    assert installed == {name: pinned.get(name) for name in installed}


def test_every_pin_is_exact_and_names_no_place() -> None:
    for requirement in pins().values():
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert requirement.url is None
