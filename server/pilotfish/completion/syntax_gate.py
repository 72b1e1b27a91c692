"""Nothing is shown that breaks the grammar of the file: what does is cut back to its longest good part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotfish.completion.extent import balance
from pilotfish.completion.gap import Gap
from pilotfish.platform.steps import Steps, within
from pilotfish.syntax.languages import language_of_id

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree

_TEXTS = frozenset({"markdown", "plaintext", "restructuredtext", "latex", "asciidoc", "git-commit"})
_STEPS = 5
"""Of four milliseconds each: nobody waits longer for one parse."""

_MORE_COMES = ("(", "[", "{", ",")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def syntax_gate(text: str, gap: Gap) -> Steps[str]:
    """The longest beginning, in whole lines, after which the file has no more faults than before.

    What is only begun is no fault: a block that the last line opens gets its body next, and at the end of the
    document the brackets that a line leaves open after `(` or a comma are still to be closed.
    """
    tree = gap.tree
    if tree is None:
        return text
    allowed = len(tree.faults())
    lines = text.split("\n")
    for count in range(len(lines), 0, -1):
        kept = "\n".join(lines[:count])
        if not kept.strip():
            break
        for finished in _finished(kept, gap):
            changed = yield from within(_inserted(finished, gap, tree), _STEPS)
            if changed is None or len(changed.faults()) <= allowed:
                return kept  # A file that takes so long to read is broken already.
    return ""


def is_prose_here(gap: Gap) -> bool:
    """Whether the cursor is where anything may be written: in a comment, a string, or a text."""
    language_id = gap.document.language_id
    comment = language_of_id(language_id).comment
    if language_id in _TEXTS or (comment and gap.before.lstrip().startswith(comment)):
        return True
    if gap.tree is None:
        return False
    from pilotfish.syntax.prose import is_prose  # noqa: PLC0415 - with the first tree

    return is_prose(gap.tree, gap.request.position)


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
    elif bare.endswith("{") and not gap.after.strip():
        ways.append(f"{text}\n{indent}}}" + ")" * bare[:-1].count("(") if at_end else f"{text}\n{indent}}}")
    if at_end and bare.endswith(_MORE_COMES) and len(closers := _open_brackets(gap.before + text)) == 1:
        closed = text.rstrip().rstrip(",") + closers
        ways += [closed, f"{closed}:\n{indent}    pass"]
    if at_end and bare.endswith("\\"):
        ways.append(f"{text.rstrip()[:-1]} x")
    return ways


def _open_brackets(text: str) -> str:
    """What closes the brackets that a text leaves open."""
    opened: list[str] = []
    for character in text:
        if character in _CLOSING:
            opened.append(_CLOSING[character])
        elif opened and character == opened[-1]:
            opened.pop()
    return "".join(reversed(opened))


def _inserted(text: str, gap: Gap, tree: Tree) -> Steps[Tree]:
    lines = gap.document.lines
    above, below = "".join(lines[: gap.line]), "".join(lines[gap.line + 1 :])
    line, column = lines[gap.line], gap.request.position.column
    return (yield from tree.edited_steps(f"{above}{line[:column]}{text}{line[column:]}{below}"))
