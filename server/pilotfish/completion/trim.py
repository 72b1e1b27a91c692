"""From what was generated to what fits: one ordered list of small named steps, on one path for every source.

A step takes the text and the gap that it is to fill, and returns the text; one that needs a moment is a step
function (`platform/steps.py`). An empty text ends the list, and the step's name is the reason why nothing is
shown. `completion.disabled_steps` switches steps off, for diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import GeneratorType

from pilotfish.completion.answer import CONTROL, code_in, has_talk, without_chat, without_leading_control
from pilotfish.completion.extent import Extent, end_of, extent_at
from pilotfish.completion.gap import Gap
from pilotfish.completion.layout import (
    document_line_ends,
    indentation,
    plain_line_ends,
    repetition,
    trailing_space,
)
from pilotfish.completion.overlap import lines_above, lines_below, rest_of_line, said_again
from pilotfish.completion.symbol_gate import symbol_gate
from pilotfish.completion.syntax_gate import is_prose_here, syntax_gate
from pilotfish.platform.secrets import PLACEHOLDER
from pilotfish.platform.steps import Steps
from pilotfish.prompt.chat import FENCE

_DIGIT = re.compile("[0-9]")

Step = Callable[[str, Gap], str | Steps[str]]


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The result.

    Attributes:
        text: what is left.
        changed: the steps that changed something, each with what it did, for example `fences -24`: so many
            characters more or less, or `~` for others.
        emptied_by: the step that left nothing, if one did.
    """

    text: str
    changed: tuple[str, ...]
    emptied_by: str | None


def trim(text: str, gap: Gap, *, disabled: Collection[str] = ()) -> Steps[Trimmed]:
    """Run all steps in order."""
    changed: list[str] = []
    if not text:
        return Trimmed("", (), "no_text")
    for step in STEPS:
        name = step.__name__
        if name in disabled:
            continue
        done = step(text, gap)
        result = (yield from done) if isinstance(done, GeneratorType) else done
        assert isinstance(result, str)
        if result != text:
            difference = len(result) - len(text)
            changed.append(f"{name} {difference:+d}" if difference else f"{name} ~")
        text = result
        if not text:
            return Trimmed("", tuple(changed), name)
    return Trimmed(text, tuple(changed), None)


def control_tokens(text: str, gap: Gap) -> str:
    """Control tokens that leaked: those at the start go, the next one is the end."""
    token = CONTROL.search(text)
    if token is None or any(token[0] in line for line in gap.document.lines):  # the user's own word
        return text
    text = without_leading_control(text)
    ending = CONTROL.search(text)
    return text[: ending.start()].rstrip(" \t") if ending is not None else text


def stop_strings(text: str, gap: Gap) -> str:
    """Cut at the first stop string, whether or not the service honoured it."""
    ends = [at for stop in gap.stop if stop and (at := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def talk(text: str, gap: Gap) -> Steps[str]:
    """Of what a model says, the code. In prose only what is surely said about it goes."""
    language_id = gap.document.language_id
    if gap.asked_as != "hole":
        return code_in(text, gap.asked_as, language_id).rstrip()
    if not has_talk(text, language_id):
        return text
    if (yield from is_prose_here(gap)):
        has_fences = any(FENCE in line for line in gap.document.lines)
        return text if has_fences else without_chat(text)
    return code_in(text, "hole", language_id)


def placeholder(text: str, gap: Gap) -> str:
    """A model that was sent a placeholder for a secret may say it again, which belongs in no file."""
    if PLACEHOLDER not in text or any(PLACEHOLDER in line for line in gap.document.lines):
        return text
    return text[: text.index(PLACEHOLDER)].rpartition("\n")[0]


def secret(text: str, gap: Gap) -> str:
    """What looks like a key goes, with its line: it stays in the file that has it."""
    if _DIGIT.search(text) is None:  # Nearly always; and what has none does not look drawn.
        return text
    from pilotfish.platform.redact import secrets_in  # noqa: PLC0415 - its expressions take 4 ms to make

    before = gap.before
    for start, end in secrets_in(before + text):
        found = (before + text)[start:end]
        if end > len(before) and not any(found in line for line in gap.document.lines):
            return text[: max(0, start - len(before))].rpartition("\n")[0]
    return text


def extent(text: str, gap: Gap) -> str:
    """No more than fits: the rest of the line, a statement, a block."""
    return text[: end_of(text, extent_at(gap))]


def blank(text: str, _gap: Gap) -> str:
    """Nothing but white space is nothing."""
    return text if text.strip() else ""


STEPS: tuple[Step, ...] = (
    control_tokens,
    stop_strings,
    plain_line_ends,
    lines_above,
    talk,
    placeholder,
    secret,
    said_again,
    indentation,
    repetition,
    extent,
    blank,
    trailing_space,
    rest_of_line,
    lines_below,
    syntax_gate,
    symbol_gate,
    document_line_ends,
)
STEP_NAMES = tuple(step.__name__ for step in STEPS)


def is_complete(text: str, gap: Gap, extent: Extent) -> bool:
    """Whether an answer that is still coming has all that `trim` would leave of it."""
    text = plain_line_ends(without_leading_control(text), gap)
    if any(stop in text for stop in gap.stop):
        return True
    code = code_in(text, gap.asked_as, gap.document.language_id)
    return end_of(said_again(code, gap), extent) is not None
