"""Held-out tasks in words: the same cells for the terminal, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from pilotfish.bench.display import show_table
from pilotfish.bench.wording import where

HEADINGS = ("setting", "tasks", "exact", "ES", "fuzz", "F1", "cover", "right", "saved", "p50", "p95")
_SHARES = (
    "exact_match",
    "edit_similarity",
    "fuzz_ratio",
    "identifier_f1",
    "coverage",
    "precision",
    "keystrokes_saved",
)
MEANINGS = {
    "exact": "what was offered is what stands there, but for space around it",
    "ES": "1 - Levenshtein distance / longer length (RepoCoder's formula)",
    "fuzz": "fuzz.ratio, a replaced letter counting twice (as CrossCodeEval scores)",
    "F1": "of the sets of identifiers (CrossCodeEval)",
    "cover": "tasks with an answer",
    "right": "exact matches among the answers",
    "saved": "what is right from its beginning on, less the key that accepts it",
}


def show_quality(console: Console, result: Mapping[str, Any]) -> None:
    """Print the tables and what their words mean."""
    console.print(f"\n{where(result)}", highlight=False, markup=False, soft_wrap=True)
    show_table(console, title(result), HEADINGS, rows(result))
    for name in result["scores"]:
        if len(result["scores"][name]["languages"]) > 1:
            show_table(
                console, f"{name}, by language", ("language", *HEADINGS[1:-2]), language_rows(result, name)
            )
    for name, meaning in MEANINGS.items():
        console.print(f"{name:8}{meaning}", highlight=False, markup=False)


def title(result: Mapping[str, Any]) -> str:
    """What was held out, and what of the rest was shown."""
    shown = "the text before and after it" if result["shown"] == "both" else "only the text before it"
    held_out = ", ".join(result["of"])
    return f"{result['workspace']}: {held_out} held out, {shown} is shown, {result['trigger']}; in % and ms"


def rows(result: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The cells below `HEADINGS`."""
    for name, score in result["scores"].items():
        latency = score["latency"]
        yield *_cells(name, score), f"{latency['p50_ms']:.1f}", f"{latency['p95_ms']:.1f}"


def language_rows(result: Mapping[str, Any], name: str) -> Iterator[tuple[str, ...]]:
    """The same for one setting, by language."""
    for language, score in result["scores"][name]["languages"].items():
        yield _cells(language, score)


def _cells(name: str, score: Mapping[str, Any]) -> tuple[str, ...]:
    return name, str(score["count"]), *(f"{100 * score[share]:.1f}" for share in _SHARES)
