"""Nothing is shown that breaks the grammar of the file: what does is cut back to its longest good part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pilotfish.completion.extent import balance
from pilotfish.completion.gap import Gap
from pilotfish.platform.steps import Steps, within
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.piece import closers

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree

_TEXTS = frozenset({"markdown", "plaintext", "restructuredtext", "latex", "asciidoc", "git-commit"})
_MANY = 1_000_000
_STEPS = 5
"""Of four milliseconds each: nobody waits longer for one parse."""

_MORE_COMES = ("(", "[", "{", ",")
_DOCSTRING_QUOTES = ('"""', "'''")


def syntax_gate(text: str, gap: Gap) -> Steps[str]:
    """The longest beginning, in whole lines, after which the file has no more faults than before.

    What is only begun is no fault: a block that the last line opens gets its body next, and at the end of the
    document a docstring is still to be closed, and the brackets that a line leaves open after `(` or a comma.

    The piece of the file around the cursor tells most of the time. Only where it does not the whole file is
    read.
    """
    language = language_of_id(gap.document.language_id)
    if not language.grammar:
        return text
    lines = text.split("\n")
    for count in range(len(lines), 0, -1):
        kept = "\n".join(lines[:count])
        if not kept.strip():
            break
        ways = _finished(kept, gap)
        fits = yield from _fits_its_piece(ways, gap)
        if fits is None:
            tree = yield from gap.tree_in_time()
            fits = tree is None or (yield from _fits(ways, gap, tree))
        if fits:
            return kept
    return ""


def _fits_its_piece(ways: Sequence[str], gap: Gap) -> Steps[bool | None]:
    """Whether one of these has no more faults in its piece than none; None where that does not tell."""
    least = _MANY
    for finished in ways:
        found = yield from gap.piece.faults(_line_with(finished, gap))
        if not found:
            return None if found is None else True
        least = min(least, found)
    if not (without := (yield from gap.piece.faults(_line_with("", gap)))):
        return False
    # What is left open before the cursor is one fault, however it goes on, if nothing comes after it. A
    # docstring may be cut into two.
    quotes = _open_quotes("", gap) if gap.document.language_id == "python" else ""
    is_still_open = without == least == 1 and not gap.line_below
    return True if is_still_open or (quotes and quotes not in ways[0]) else None


def _fits(ways: Sequence[str], gap: Gap, tree: Tree) -> Steps[bool]:
    """The same of the whole file."""
    allowed = len(tree.faults())
    for finished in ways:
        changed = yield from within(_inserted(finished, gap, tree), _STEPS)
        if changed is None or len(changed.faults()) <= allowed:
            return True  # A file that takes so long to read is broken already.
    return False


def is_prose_here(gap: Gap) -> Steps[bool]:
    """Whether the cursor is where anything may be written: in a comment, a string, or a text."""
    language_id = gap.document.language_id
    comment = language_of_id(language_id).comment
    if language_id in _TEXTS or (comment and gap.before.lstrip().startswith(comment)):
        return True
    tree = yield from gap.tree()
    if tree is None:
        return False
    from pilotfish.syntax.prose import is_prose  # noqa: PLC0415 - with the first tree

    return is_prose(tree, gap.request.position)


def _finished(text: str, gap: Gap) -> list[str]:
    """The text itself, and as it would be finished where it is only begun."""
    last = text.rsplit("\n", 1)[-1] if "\n" in text else gap.before + text
    indent = last[: len(last) - len(last.lstrip())]
    at_end = not gap.line_below and not gap.after.strip()
    bare = last.rstrip()
    ways = [text]
    if gap.document.language_id == "python":
        if bare.endswith(":") and not gap.after.strip() and not balance(gap.before + text):
            ways.append(f"{text}\n{indent}    pass")
        if at_end and (quotes := _open_quotes(text, gap)):
            ways.append(f"{text}\n{quotes}")
    elif bare.endswith("{") and not gap.after.strip():
        ways.append(f"{text}\n{indent}}}" + ")" * bare[:-1].count("(") if at_end else f"{text}\n{indent}}}")
    if at_end and bare.endswith(_MORE_COMES) and len(ends := closers(gap.before + text)) == 1:
        closed = text.rstrip().rstrip(",") + ends
        ways += [closed, f"{closed}:\n{indent}    pass"]
    if at_end and bare.endswith("\\"):
        ways.append(f"{text.rstrip()[:-1]} x")
    return ways


def _open_quotes(text: str, gap: Gap) -> str:
    """What ends the docstring that the text stands in, in a file that ends before it does."""
    above = "".join(gap.document.lines[: gap.line]) + gap.before + text
    return next((quotes for quotes in _DOCSTRING_QUOTES if above.count(quotes) % 2), "")


def _line_with(text: str, gap: Gap) -> str:
    """The cursor's line with the text put in."""
    line, column = gap.document.lines[gap.line], gap.request.position.column
    return line[:column] + text + line[column:]


def _inserted(text: str, gap: Gap, tree: Tree) -> Steps[Tree]:
    lines = gap.document.lines
    above, below = "".join(lines[: gap.line]), "".join(lines[gap.line + 1 :])
    return (yield from tree.edited_steps(f"{above}{_line_with(text, gap)}{below}"))
