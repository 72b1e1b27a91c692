"""From what was generated to what fits: one ordered list of small named steps, on one path for every source.

A step takes the text and the request and returns the text; an empty text ends the list, and the step's name
is the reason why nothing is shown. `completion.disabled_steps` switches steps off, for diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pilotfish.completion.answer import AskedAs, code_in, without_repeats
from pilotfish.completion.request import CompletionRequest
from pilotfish.platform.secrets import PLACEHOLDER

Step = Callable[[str, CompletionRequest, "Limits"], str]
LINES_SAID_AGAIN = 20
CLOSERS = frozenset(")]}>\"'`;,: \t")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the caller knows beside the request: the most lines to show, and how a model was asked."""

    max_lines: int = 1
    stop: Sequence[str] = ()
    asked_as: AskedAs = "hole"


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The result: the text, the steps that changed it, and the step that left nothing, if one did."""

    text: str
    changed: tuple[str, ...]
    emptied_by: str | None


def trim(text: str, request: CompletionRequest, limits: Limits, *, disabled: Collection[str] = ()) -> Trimmed:
    """Run all steps in order."""
    changed: list[str] = []
    if not text:
        return Trimmed("", (), "no_text")
    for step in STEPS:
        name = step.__name__
        if name in disabled:
            continue
        result = step(text, request, limits)
        if result != text:
            changed.append(name)
        text = result
        if not text:
            return Trimmed("", tuple(changed), name)
    return Trimmed(text, tuple(changed), None)


def stop_strings(text: str, _request: CompletionRequest, limits: Limits) -> str:
    """Cut at the first stop string, whether or not the service honoured it."""
    ends = [at for stop in limits.stop if stop and (at := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def plain_line_ends(text: str, _request: CompletionRequest, _limits: Limits) -> str:
    r"""One kind of line end while we work: `\n`. The document's own are put back at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def talk(text: str, _request: CompletionRequest, limits: Limits) -> str:
    """Of what a chat model says, the code."""
    return text if limits.asked_as == "hole" else code_in(text, limits.asked_as).rstrip()


def placeholder(text: str, request: CompletionRequest, _limits: Limits) -> str:
    """A model that was sent a placeholder for a secret may say it again, which belongs in no file."""
    if PLACEHOLDER not in text or any(PLACEHOLDER in line for line in request.document.lines):
        return text
    return text[: text.index(PLACEHOLDER)].rpartition("\n")[0]


def said_again(text: str, request: CompletionRequest, limits: Limits) -> str:
    """A chat model likes to begin with what stands before the cursor already."""
    if limits.asked_as == "hole":
        return text
    document, position = request.document, request.position
    above = [document.line(n) for n in range(max(0, position.line - LINES_SAID_AGAIN), position.line)]
    return without_repeats(text, above, document.before(position))


def line_count(text: str, request: CompletionRequest, limits: Limits) -> str:
    """No more lines than asked for; one line where code follows the cursor on its line."""
    most = 1 if request.document.after(request.position).strip() else limits.max_lines
    return "\n".join(text.split("\n")[:most])


def blank(text: str, _request: CompletionRequest, _limits: Limits) -> str:
    """Nothing but white space is nothing."""
    return text if text.strip() else ""


def trailing_space(text: str, _request: CompletionRequest, _limits: Limits) -> str:
    """No white space at line ends."""
    return "\n".join(line.rstrip(" \t") for line in text.split("\n"))


def rest_of_line(text: str, request: CompletionRequest, _limits: Limits) -> str:
    """What already stands after the cursor is not offered again."""
    after = request.document.after(request.position).rstrip()
    if not after:
        return text
    first, *more = text.split("\n")
    for length in range(min(len(after), len(first)), 0, -1):
        if first.endswith(after[:length]) and (length == len(after) or set(after[:length]) <= CLOSERS):
            return "\n".join([first[: len(first) - length], *more])
    return text


def line_below(text: str, request: CompletionRequest, _limits: Limits) -> str:
    """Never the line that already stands below: cut the offer where it begins to repeat what follows."""
    document, line = request.document, request.position.line
    below = next(
        (document.line(n).strip() for n in range(line + 1, len(document.lines)) if document.line(n).strip()),
        "",
    )
    if len(below) < 3:  # a lone bracket may well come twice
        return text
    before = document.before(request.position)
    kept: list[str] = []
    for number, piece in enumerate(text.split("\n")):
        whole = before + piece if number == 0 else piece
        if whole.strip() == below:
            break
        kept.append(piece)
    return "\n".join(kept)


def document_line_ends(text: str, request: CompletionRequest, _limits: Limits) -> str:
    """The line end that the document uses at the cursor, or above it."""
    if "\n" not in text:
        return text
    lines = request.document.lines
    for number in (request.position.line, request.position.line - 1, 0):
        if 0 <= number < len(lines) and lines[number].endswith(("\n", "\r")):
            end = lines[number][len(lines[number].rstrip("\r\n")) :][-2:]
            return text.replace("\n", end if end in ("\r\n", "\r") else "\n")
    return text


STEPS: tuple[Step, ...] = (
    stop_strings,
    plain_line_ends,
    talk,
    placeholder,
    said_again,
    line_count,
    blank,
    trailing_space,
    rest_of_line,
    line_below,
    document_line_ends,
)
STEP_NAMES = tuple(step.__name__ for step in STEPS)
