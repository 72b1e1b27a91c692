"""What became of requests, and why, as a document that a user can read (Markdown)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

REASONS: Mapping[str, str] = {
    "cancelled": "You typed on, or the editor did not want the answer any more.",
    "paused": "pilotfish is paused: the command `pilotfish.resume` ends that.",
    "disabled": "Completions are switched off (`completion.enabled`).",
    "disabled_language": "This language is switched off while you type (`completion.disabled_languages`).",
    "secret_file": "By its name this file holds secrets: nothing is completed in it.",
    "huge_file": "The file is longer than `completion.max_file_lines`.",
    "huge_line": "The line is longer than `completion.max_line_chars`: it was not written by hand.",
    "no_match": "The embedded engine knows no code that goes on like this.",
    "not_confident": "The embedded engine was not sure enough (`completion.min_confidence`).",
    "no_backend": "None of the backends in the settings could be used; `pilotfish doctor` says why.",
    "stays_here": "This text may not leave the machine, and the model is on another one.",
    "backend_failed": "The model failed; `pilotfish doctor` says more.",
    "model_taken": "A code action was using the model.",
    "no_text": "The model said nothing.",
}

ACTION_REASONS: Mapping[str, str] = {
    "cancelled": "You or the editor cancelled it.",
    "nothing_here": "There was nothing to do at this place.",
    "nothing_asked": "No instruction was given.",
    "no_model": "No model is configured that can hold a conversation (`actions.backend`).",
    "stays_here": "This text may not leave the machine, and only models on other ones are configured.",
    "secret_file": "By its name this file holds secrets.",
    "backend_failed": "The model failed; `pilotfish doctor` says more.",
    "no_text": "The model said nothing.",
    "no_code": "The model answered without code.",
    "cut_off": "The model's answer was cut off; `actions.max_tokens` may be too small.",
    "several_pieces": "The model answered with several pieces of code where one was asked for.",
    "bad_blocks": "The model's search/replace blocks were not well formed.",
    "not_found": "What the model wanted to replace does not stand there, or not just once.",
    "other_file": "The model wanted to change another file than the one that it was asked about.",
    "no_change": "The model would have changed nothing.",
    "not_valid": "With the change the file would not have been valid code.",
    "code_changed": "The model changed code where only comments were asked for.",
    "edited_inside": "You edited the text that was to be changed.",
    "changes_too_fast": "The text changed faster than the change could be made.",
    "document_closed": "The document was closed.",
    "not_made": "The editor did not make the change.",
    "rejected": "You did not accept the change.",
    "not_possible": "It could not be done.",
}

_SOURCES = {
    "typed_through": "typed along with an offer made before",
    "cache": "known from before",
    "embedded": "the embedded engine",
    "model": "a model",
}
_EVENTS = {
    "accepted": "accepted",
    "partly": "accepted in part",
    "typed": "typed out by hand",
    "rejected": "rejected",
    "kept": "still there after 30 s",
}


def explained(traces: Sequence[Mapping[str, Any]], events: Mapping[str, Sequence[str]]) -> str:
    """The traces, the newest first, each with what was decided, how long it took, and what a model was shown.

    Args:
        traces: in the form of `pilotfish/trace`.
        events: what became of what was offered, by the trace's id.
    """
    if not traces:
        return "# pilotfish\n\nNothing has been asked for yet.\n"
    parts = [_one(trace, events.get(trace.get("id", ""), ())) for trace in reversed(traces)]
    return "\n".join(["# What pilotfish did last", "", *parts])


def reason(decision: str) -> str:
    """Why nothing is shown, in a sentence."""
    known = REASONS.get(decision.removeprefix("ahead: "))
    return known or f"Nothing was left of what was offered: the step `{decision}` took the last of it away."


def _one(trace: Mapping[str, Any], events: Sequence[str]) -> str:
    decision = str(trace.get("decision", "?"))
    when = time.strftime("%H:%M:%S", time.localtime(trace.get("at") or 0))
    name = unquote(str(trace.get("uri", ""))).rsplit("/", 1)[-1]
    lines = [f"## {when} {name}:{int(trace.get('line') or 0) + 1}, request {trace.get('id', '?')}", ""]
    if trace.get("action"):
        lines.append(_of_action(trace, decision))
    elif decision.endswith("shown"):
        ahead = "Made ready before it was asked for. " if decision.startswith("ahead") else ""
        source = _SOURCES.get(str(trace.get("source")), "?")
        lines.append(f"{ahead}**Shown**: {source}, backend `{trace.get('backend')}`.")
        said = [_EVENTS[event] for event in events if event in _EVENTS]
        lines.append(f"What became of it: {', '.join(said) if said else 'not known yet'}.")
    else:
        lines.append(f"**Nothing shown** ({decision}): {reason(decision)}")
    lines += [
        "",
        *_table(
            ("stage", "ms", ""), ((s["stage"], f"{s['ms']:.1f}", s["note"]) for s in _of(trace, "stages"))
        ),
    ]
    shown = [(p["name"], p["path"], str(p["tokens"])) for p in _of(trace, "parts")]
    if shown:
        lines += ["", "The model was shown:", "", *_table(("part", "file", "tokens"), shown)]
    return "\n".join([*lines, ""])


def _of_action(trace: Mapping[str, Any], decision: str) -> str:
    backend = f", backend `{trace['backend']}`" if trace.get("backend") else ""
    if decision == "done":
        return f"**Done**: the action `{trace['action']}`{backend}."
    why = ACTION_REASONS.get(decision, "It could not be done.")
    return f"**Not done** ({decision}): the action `{trace['action']}`{backend}. {why}"


def _of(trace: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = trace.get(name)
    return value if isinstance(value, list) else ()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in cells]
