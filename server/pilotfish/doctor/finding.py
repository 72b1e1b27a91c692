"""What the doctor finds: one thing each, how bad it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pilotfish.platform.redact import redact


class Level(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


MARKS = {Level.GOOD: "✓", Level.NOTE: "·", Level.WARNING: "!", Level.PROBLEM: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        check: what was looked at, in a word or two.
        level: `warning` works but could be better, `problem` does not work.
        text: what was found. It is made to be pasted into a report, so it is redacted here: the words of a
            service may repeat what they were sent.
        action: what to do about it; empty where there is nothing to do.
    """

    check: str
    level: Level
    text: str
    action: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", redact(self.text)[0])


def as_markdown(findings: Iterable[Finding]) -> str:
    """A document for an editor: each thing that was looked at, what is wrong in bold, what to do below."""
    lines = ["# pilotfish doctor", ""]
    for finding in findings:
        is_bad = finding.level in (Level.WARNING, Level.PROBLEM)
        check = f"**{finding.check}**" if is_bad else finding.check
        lines.append(f"- {MARKS[finding.level]} {check}: {finding.text}")
        if finding.action:
            lines.append(f"  - {finding.action}")
    return "\n".join([*lines, ""])


def exit_code(findings: Iterable[Finding]) -> int:
    """0 all well, 1 something could be better, 2 something does not work."""
    levels = {finding.level for finding in findings}
    return 2 if Level.PROBLEM in levels else 1 if Level.WARNING in levels else 0
