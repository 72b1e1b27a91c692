"""Plots as SVG text, to be put into a page as they are: no script, no font, nothing that is fetched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 32, 16, 40
COLOURS = ("#2563eb", "#9ca3af", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2", "#be185d", "#4d7c0f")

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle's upper left corner and its size, in the plot's units."""

    x: float
    y: float
    width: float
    height: float


def curves(lines: Mapping[str, Sequence[float]], unit: str) -> str:
    """For each name the share of values up to each one (a distribution function), on a logarithmic axis.

    Args:
        lines: ascending values at even shares, the first at 0 and the last at 1; one at least.
        unit: of the values.
    """
    values = [max(value, 0.01) for line in lines.values() for value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) - 1e-9)
    high = max(high, low + 1)

    def place(value: float, share: float) -> Point:
        return _across((math.log10(max(value, 0.01)) - low) / (high - low)), _down(1 - share)

    parts = []
    for power in range(low, high + 1):
        parts.append(_tick(_across((power - low) / (high - low)), f"{10.0**power:g} {unit}"))
    for percent in (0, 25, 50, 75, 95, 100):
        parts.append(_rung(_down(1 - percent / 100), f"{percent} %"))
    for number, line in enumerate(lines.values()):
        points = [place(value, index / (len(line) - 1)) for index, value in enumerate(line)]
        parts.append(_path(points, COLOURS[number % len(COLOURS)]))
    return _plot(parts, list(lines))


def heat(counts: Sequence[Sequence[int]], columns: Sequence[str], rows: Sequence[str]) -> str:
    """A table as shades: the darker, the more; each cell tells its number when pointed at."""
    most = max((count for row in counts for count in row), default=0) or 1
    width, height = _inner_width() / len(columns), _inner_height() / len(rows)
    parts = []
    for number, row in enumerate(counts):
        y = TOP + number * height
        parts.append(_text(LEFT - 6, y + height / 2 + 4, rows[number], "end"))
        for column, count in enumerate(row):
            place = Box(LEFT + column * width, y, width - 1, height - 1)
            parts.append(_box(place, COLOURS[0], str(count), 0.04 + 0.96 * math.sqrt(count / most)))
    parts += [
        _text(LEFT + (column + 0.5) * width, HEIGHT - BOTTOM + 18, name, "middle")
        for column, name in enumerate(columns)
    ]
    return _plot(parts)


def stacked(rows: Sequence[tuple[str, Mapping[str, float]]], unit: str) -> str:
    """One bar a row, made of its named parts one after the other."""
    names = list(dict.fromkeys(name for _, parts in rows for name in parts))
    longest = max((sum(parts.values()) for _, parts in rows), default=0.0) or 1.0
    row_height = 14
    height = TOP + row_height * len(rows) + BOTTOM
    drawn = [_tick(_across(step / 4), f"{longest * step / 4:.3g} {unit}", height) for step in range(5)]
    for number, (label, parts) in enumerate(rows):
        y, x = TOP + number * row_height, float(LEFT)
        drawn.append(_text(LEFT - 6, y + 10, label, "end"))
        for name, value in parts.items():
            width = value / longest * _inner_width()
            colour = COLOURS[names.index(name) % len(COLOURS)]
            drawn.append(
                _box(Box(x, y, max(width, 0.3), row_height - 3), colour, f"{name}: {value:.2f} {unit}")
            )
            x += width
    return _plot(drawn, names, height)


def calibration(points: Sequence[tuple[float, float, int]]) -> str:
    """Stated confidence across, the share that was right up; the larger a point, the more it stands for."""
    most = max((count for _, _, count in points), default=0) or 1
    parts = [_path([(_across(0), _down(1)), (_across(1), _down(0))], "#d1d5db")]
    parts += [_tick(_across(step / 4), f"{step / 4:g}") for step in range(5)]
    parts += [_rung(_down(1 - step / 4), f"{step / 4:g}") for step in range(5)]
    for stated, right, count in points:
        radius = 2 + 10 * math.sqrt(count / most)
        parts.append(
            f'<circle cx="{_across(stated):.1f}" cy="{_down(1 - right):.1f}" r="{radius:.1f}" fill="#2563eb"'
            f' fill-opacity="0.6"><title>{stated:.2f}: {right:.2f} of {count}</title></circle>'
        )
    return _plot(parts)


def _plot(parts: Sequence[str], names: Sequence[str] = (), height: int = HEIGHT) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {height + 18 * bool(names)}" width="{WIDTH}" role="img" '
    font = 'font-family="system-ui, sans-serif" font-size="11">'
    return f"{head}{font}{''.join(parts)}{''.join(_legend(names, height))}</svg>"


def _legend(names: Sequence[str], height: int) -> Iterator[str]:
    x = float(LEFT)
    for number, name in enumerate(names):
        yield _box(Box(x, height, 10, 10), COLOURS[number % len(COLOURS)], name)
        yield _text(x + 14, height + 9, name, "start")
        x += 26 + 6.2 * len(name)


def _box(box: Box, colour: str, tip: str, opacity: float = 1.0) -> str:
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.2f}" height="{box.height:.1f}"'
    return f'<rect {place} fill="{colour}" fill-opacity="{opacity:.2f}"><title>{escape(tip)}</title></rect>'


def _tick(x: float, label: str, height: int = HEIGHT) -> str:
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - BOTTOM}" stroke="#e5e7eb"/>'
    return line + _text(x, height - BOTTOM + 16, label, "middle")


def _rung(y: float, label: str) -> str:
    line = f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e5e7eb"/>'
    return line + _text(LEFT - 6, y + 4, label, "end")


def _path(points: Sequence[Point], colour: str) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#374151">{escape(words)}</text>'


def _across(share: float) -> float:
    return LEFT + share * _inner_width()


def _down(share: float) -> float:
    return TOP + share * _inner_height()


def _inner_width() -> float:
    return WIDTH - LEFT - RIGHT


def _inner_height() -> float:
    return HEIGHT - TOP - BOTTOM
