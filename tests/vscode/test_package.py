"""What the extension for VS Code is made of: its units, its generated parts, the package for users."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from clients.vscode.scripts import generate, pack
from pilotfish import __version__
from pilotfish.settings.model import Settings
from tests.node import npm

MAX_BYTES = 1_500_000
"""Without the server's wheel."""
CHORD = "shift+alt+k "
"""No key of VS Code's own begins with it, and none of Copilot's."""


@pytest.fixture
def package() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(generate.PACKAGE.read_text(encoding="utf-8"))
    return read


def test_units() -> None:
    pack.install()
    npm("run", "--silent", "test", folder=pack.CLIENT)


def test_generated_parts_are_current() -> None:
    assert generate.main(["--check"]) == 0


def test_every_setting_of_the_server_that_is_the_editors_is_there(package: dict[str, Any]) -> None:
    groups = package["contributes"]["configuration"]
    found = {key: value for group in groups for key, value in group["properties"].items()}
    assert found["pilotfish.completion.min_confidence"]["default"] == Settings().completion.min_confidence
    assert found["pilotfish.backends"]["scope"] == "application", "a repository must not say who is asked"
    assert "pilotfish.privacy.trusted_folders" not in found
    assert all(value["markdownDescription"] for value in found.values())


def test_commands_are_those_that_are_registered(package: dict[str, Any]) -> None:
    source = (pack.CLIENT / "src" / "commands.ts").read_text(encoding="utf-8")
    body = source[source.index("return {") : source.index("\n  };")]
    registered = set(re.findall(r"^ {4}(\w+)(?=[:,])", body, re.MULTILINE))
    contributes = package["contributes"]
    listed = {each["command"].removeprefix("pilotfish.") for each in contributes["commands"]}
    assert registered == listed
    used = [each["command"] for each in contributes["keybindings"]]
    used += [each["command"] for menu in contributes["menus"].values() for each in menu]
    assert {name.removeprefix("pilotfish.") for name in used if name.startswith("pilotfish.")} <= listed


def test_keys_are_told_by_their_chord(package: dict[str, Any]) -> None:
    keys = [each["key"] for each in package["contributes"]["keybindings"]]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(CHORD) for key in keys)


def test_no_address_of_a_registry_is_in_the_lock() -> None:
    assert "resolved" not in (pack.CLIENT / "package-lock.json").read_text(encoding="utf-8")


def test_the_package_holds_what_users_need_and_is_small(vsix: Path, package: dict[str, Any]) -> None:
    with ZipFile(vsix) as archive:
        manifest = ElementTree.fromstring(archive.read("extension.vsixmanifest"))
        entries = {entry.filename: entry for entry in archive.infolist()}
    identity = next(each for each in manifest.iter() if each.tag.endswith("Identity"))
    assert identity.attrib["Version"] == __version__ == package["version"]
    wheels = [name for name in entries if name.endswith(".whl")]
    assert wheels == [f"extension/server/pilotfish-{__version__}-py3-none-any.whl"]
    steps = [step for each in package["contributes"]["walkthroughs"] for step in each["steps"]]
    named = [
        package["main"].removeprefix("./"),
        package["icon"],
        *(step["media"]["markdown"] for step in steps),
    ]
    assert {f"extension/{name}" for name in named} <= set(entries)
    assert not [name for name in entries if "src/" in name or "test" in name or "node_modules" in name]
    assert (
        sum(entry.compress_size for entry in entries.values()) - entries[wheels[0]].compress_size < MAX_BYTES
    )


def test_packing_twice_gives_the_same(vsix: Path, tmp_path: Path) -> None:
    wheel = pack.BUILD / "wheel" / f"pilotfish-{__version__}-py3-none-any.whl"
    assert pack.pack(wheel, tmp_path).read_bytes() == vsix.read_bytes()
