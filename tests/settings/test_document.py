"""What is generated from the settings is current and complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pilotfish.settings.document import main, markdown
from pilotfish.settings.key import places
from pilotfish.settings.model import Settings
from pilotfish.settings.schema import schema

ROOT = Path(__file__).parents[2]


def test_the_documentation_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0


def test_a_stale_documentation_is_noticed_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    assert "make generate" in str(main(["--check"]))
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert (tmp_path / "docs" / "configuration.md").read_text(encoding="utf-8") == markdown()


def check_described(settings: type[Any]) -> None:
    for place in places(settings).values():
        if place.table or place.named_tables:
            check_described(place.table or place.named_tables)
            continue
        assert place.key.meaning.endswith("."), place.name
        assert f"| `{place.name}` |" in markdown()


def test_every_key_is_described() -> None:
    check_described(Settings)


def test_the_schema_knows_every_key_with_its_limits() -> None:
    properties = schema()["properties"]
    assert list(properties) == list(places(Settings))
    assert properties["completion"]["properties"]["min_confidence"] == {
        "description": properties["completion"]["properties"]["min_confidence"]["description"],
        "default": 0.42,
        "type": "number",
        "minimum": 0,
        "maximum": 1,
    }
    assert properties["log"]["properties"]["level"]["enum"] == ["error", "warning", "info", "debug"]
    assert "url" in properties["backends"]["additionalProperties"]["properties"]
