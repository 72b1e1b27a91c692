"""A report as one HTML file: tables and plots, nothing that is fetched, fit to be shown to a team."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from pilotfish.bench import show_comparison as comparison
from pilotfish.bench import show_quality as quality
from pilotfish.bench import svg
from pilotfish.bench.report import problems
from pilotfish.bench.wording import (
    HEADINGS,
    MEANINGS,
    STAGE_HEADINGS,
    facts,
    rows,
    scenario_rows,
    stage_rows,
    startup,
    where,
)

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #111827; margin: 2rem auto; max-width: 60rem;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem; }
th, td { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #e5e7eb; }
th:first-child, td:first-child { text-align: left; }
.problem { color: #b91c1c; } .quiet { color: #6b7280; } svg { max-width: 100%; height: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dd { margin: 0; }
"""


def html(result: Mapping[str, Any]) -> str:
    """The whole page for a report of any kind."""
    title = f"pilotfish bench: {result['kind']}"
    body = "\n".join(_KINDS[result["kind"]](result))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def _latency(result: Mapping[str, Any]) -> Iterator[str]:
    yield _paragraph(where(result), "quiet")
    yield _paragraph(_how(result), "quiet")
    yield from (_paragraph(problem, "problem") for problem in problems(result))
    if start := startup(result):
        yield _paragraph(f"{start[0].upper()}{start[1:]}.")
    for workspace in result["workspaces"]:
        yield f"<h2>{escape(workspace['name'])}</h2>"
        if workspace["all"] is None:
            continue
        yield from _section(
            "Request to answer, in ms, by how the editor came to ask", HEADINGS, rows(workspace)
        )
        yield from _plots(workspace)
        yield from _section("By kind of work", ("work", *HEADINGS[1:]), scenario_rows(workspace))
        if workspace["stages"]:
            yield from _section("The server's own account, in ms", STAGE_HEADINGS, stage_rows(workspace))
        yield f"<ul>{''.join(f'<li>{escape(fact)}</li>' for fact in facts(workspace))}</ul>"
    yield from _meanings(MEANINGS)


def _comparison(result: Mapping[str, Any]) -> Iterator[str]:
    yield _paragraph(where(result), "quiet")
    yield f"<ul>{''.join(f'<li>{escape(fact)}</li>' for fact in comparison.facts(result))}</ul>"
    for share in comparison.SHARES:
        title = f"{result['workspace']}: {share} of request to answer, in ms"
        yield from _section(title, comparison.HEADINGS, comparison.rows(result, share))
    yield _paragraph("Ratios are one / other, with the interval that holds the true one with 95 %.", "quiet")


def _held_out(result: Mapping[str, Any]) -> Iterator[str]:
    yield _paragraph(where(result), "quiet")
    yield from _section(quality.title(result), quality.HEADINGS, quality.rows(result))
    for name, score in result["scores"].items():
        lines = quality.language_rows(result, name)
        yield from _section(f"{name}, by language", ("language", *quality.HEADINGS[1:-2]), lines)
        if score["calibration"]:
            plot = svg.calibration([tuple(point) for point in score["calibration"]])
            yield f"<h3>{escape(name)}: the share that was right, by stated confidence</h3>{plot}"
    yield from _meanings(quality.MEANINGS)


def _meanings(meanings: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>What the words mean</h2><dl>"
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in meanings.items())
    yield "</dl>"


def _plots(workspace: Mapping[str, Any]) -> Iterator[str]:
    curve, heat = workspace["curve"], workspace["heat"]
    if curve is not None:
        lines = {"server": curve["ms"]} | ({"floor": curve["floor_ms"]} if curve["floor_ms"] else {})
        yield f"<h3>Share of the requests answered within a time</h3>{svg.curves(lines, 'ms')}"
    limits = heat["limits_ms"]
    columns = [*(f"≤ {limit:g}" for limit in limits), f"> {limits[-1]:g}"]
    names = [f"{10 * row} %" for row in range(len(heat["counts"]))]
    yield f"<h3>How far down in the file, and how long in ms</h3>{svg.heat(heat['counts'], columns, names)}"
    if workspace["timeline"]:
        bars = [
            (str(number), {stage["stage"]: stage["ms"] for stage in trace["stages"] or ()})
            for number, trace in enumerate(workspace["timeline"], 1)
        ]
        yield f"<h3>The first requests, stage by stage</h3>{svg.stacked(bars, 'ms')}"


def _how(result: Mapping[str, Any]) -> str:
    speed = (
        "as fast as answers come" if result["speed"] is None else f"{result['speed']:g} × a person's speed"
    )
    stub = "" if result["stub"] is None else f"; a stub model: {_listed(result['stub'])}"
    settings = f"; settings {_listed(result['settings'])}" if result["settings"] else ""
    return f"Seed {result['seed']}, {speed}{stub}{settings}; {result['seconds']:g} s in all."


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _section(title: str, headings: Sequence[str], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"<h3>{escape(title)}</h3>"
    yield f"<table><tr>{''.join(f'<th>{escape(heading)}</th>' for heading in headings)}</tr>"
    yield from (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>" for cells in lines)
    yield "</table>"


def _paragraph(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(words)}</p>'


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "latency": _latency,
    "compare": _comparison,
    "held-out": _held_out,
}
