"""A comparison in words: for the terminal, Markdown and HTML alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from pilotfish.bench.display import show_table
from pilotfish.bench.wording import where

SHARES = ("p50", "p95")
HEADINGS = ("request", "pairs", "one", "other", "ratio", "95 % interval", "so one is")


def show_comparison(console: Console, result: Mapping[str, Any]) -> None:
    """Print the tables, then what was seen beside them."""
    console.print(f"\n{where(result)}\n", highlight=False, markup=False, soft_wrap=True)
    for fact in facts(result):
        console.print(fact, highlight=False, markup=False, soft_wrap=True)
    for share in SHARES:
        title = f"{result['workspace']}: {share} of request to answer, ms"
        show_table(console, title, HEADINGS, rows(result, share))
    console.print("Ratios are one / other, with the interval that holds the true one with 95 %.", style="dim")


def rows(result: Mapping[str, Any], share: str) -> Iterator[tuple[str, ...]]:
    """The cells below `HEADINGS` for one of `SHARES`."""
    for name, versus in {**result["ways"], **result["scenarios"], "all": result["all"]}.items():
        if versus["count"]:
            figures = (f"{versus[side][f'{share}_ms']:.1f}" for side in ("one", "other"))
            yield name, str(versus["count"]), *figures, *_ratio(versus.get(share))


def facts(result: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each contestant."""
    for contestant in result["contestants"]:
        words = [f"{contestant['name']}: starts in {contestant['start_ms']:.0f} ms"]
        if contestant["private_mb"] is not None:
            words.append(f"{contestant['private_mb']:.0f} MB private")
        if contestant["model_calls"] is not None:
            words.append(f"{contestant['model_calls']} model calls")
        yield ", ".join(words)


def _ratio(ratio: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if ratio is None:
        return "", "", "too few to say"
    return f"{ratio['value']:.2f}", f"{ratio['low']:.2f}-{ratio['high']:.2f}", str(ratio["verdict"])
