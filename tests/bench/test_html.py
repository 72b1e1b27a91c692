"""The report as one file: everything is in it, and nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench import svg
from pilotfish.bench.html import html
from pilotfish.bench.measure import measure
from pilotfish.bench.report import report
from tests.bench.conftest import contest, stub
from tests.bench.test_document import MACHINE


class Balanced(HTMLParser):
    """Raises where a tag is closed that is not the one that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: Any) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def page(workspace: Path) -> str:
    return html(report(measure([workspace], contest(stub())), contest(stub()), MACHINE))


def test_the_page_is_whole_and_closed(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert parser.seen.count("svg") == 2
    assert parser.seen.count("table") == 2


def test_nothing_is_fetched(page: str) -> None:
    assert not re.search(r"https?://|src=|href=|<script|@import|url\(", page)


def test_what_a_report_says_is_text_not_markup() -> None:
    plot = svg.stacked([("<b>", {"<i>": 1.0})], "ms") + svg.curves({"<u>": [1.0, 2.0]}, "ms")
    assert "<b>" not in plot
    assert "<i>" not in plot
    assert "<u>" not in plot


def test_a_curve_rises_from_nothing_to_all() -> None:
    plot = svg.curves({"server": [1.0, 10.0, 100.0]}, "ms")
    points = re.search(r'points="([^"]+)"', plot)
    assert points is not None
    places = [tuple(map(float, point.split(","))) for point in points[1].split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert places[0][0] == svg.LEFT
    assert places[-1] == (svg.WIDTH - svg.RIGHT, svg.TOP)
