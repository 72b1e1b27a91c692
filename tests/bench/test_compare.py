"""Two servers at the same work: who is faster is found, and that nobody is, too."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pilotfish.bench.bootstrap import ratio
from pilotfish.bench.compare import Contestant, Match, compare
from pilotfish.bench.document import markdown
from pilotfish.bench.html import html
from pilotfish.bench.peers import peer_of
from pilotfish.errors import InputError
from tests.bench.conftest import stub
from tests.bench.test_document import MACHINE


@pytest.mark.parametrize(
    ("one_ms", "other_ms", "verdict", "about"), [(8, 16, "faster", 0.5), (16, 8, "slower", 2.0)]
)
def test_the_faster_of_two_is_found(
    one_ms: int, other_ms: int, verdict: str, about: float, workspace: Path
) -> None:
    one, other = (Contestant(f"{ms} ms", tuple(stub(delays_ms=[ms]))) for ms in (one_ms, other_ms))
    match = Match(workspace, 60, "1", None, None, 1, lambda text, done: None)
    result = compare(one, other, match, MACHINE)
    found = result["all"]["p50"]
    assert found["verdict"] == verdict
    assert found["value"] == pytest.approx(about, rel=0.2)
    assert found["low"] <= found["value"] <= found["high"]
    assert result["all"]["count"] >= 60
    assert f"| {verdict} |" in markdown(result)
    assert verdict in html(result)


def test_where_there_is_no_difference_none_is_found() -> None:
    chance = random.Random(4)
    same = [chance.gauss(10, 2) for _ in range(400)]
    again = [chance.gauss(10, 2) for _ in range(400)]
    assert ratio(same, again, 0.5).verdict == "no difference"
    assert ratio(same, again, 0.95).verdict == "no difference"
    assert ratio(same, [value * 1.01 for value in same], 0.5).verdict == "no difference", "a trifle"
    assert ratio(same, [value * 1.3 for value in same], 0.5).verdict == "faster"


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = random.Random(9)
    held = 0
    for seed in range(60):
        above = [chance.gauss(12, 2) for _ in range(120)]
        below = [chance.gauss(10, 2) for _ in range(120)]
        found = ratio(above, below, 0.5, seed)
        held += found.low <= 1.2 <= found.high
    assert held >= 52


def test_another_s_server_finds_its_settings_in_its_home(tmp_path: Path) -> None:
    peer = peer_of(["node", "somewhere/tabby-agent/dist/cli.js", "--stdio"])
    assert peer is not None
    around = peer.prepare("no-debounce", tmp_path, "http://127.0.0.1:7")
    text = (tmp_path / ".tabby-client" / "agent" / "config.toml").read_text()
    assert 'endpoint = "http://127.0.0.1:7"' in text
    assert "interval = 0" in text
    assert around["HOME"] == str(tmp_path)
    with pytest.raises(InputError, match="shipped or no-debounce"):
        peer.prepare("other", tmp_path, "")
    assert peer_of(["pilotfish", "serve"]) is None
