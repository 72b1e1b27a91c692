"""What a change must not do, by syntax: break the grammar where it held, or touch more than comments."""

from __future__ import annotations

import asyncio

from pilotfish.errors import AnswerUnusable
from pilotfish.syntax.code import same_code
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import adds_fault, parse
from pilotfish.text.document import Document, Range
from pilotfish.text.edit import Edit, applied, text_in


async def check_syntax(document: Document, span: Range, new: str) -> None:
    """Parse the document with `new` in the span.

    Raises:
        AnswerUnusable: that has more faults than the document as it is.
    """
    if not await asyncio.to_thread(keeps_syntax, document, span, new):
        raise AnswerUnusable("What was to be written is not valid code here.", "not_valid")


async def check_code_stays(document: Document, span: Range, new: str) -> None:
    """Compare the document's code with that which it has with `new` in the span.

    Raises:
        AnswerUnusable: more than comments is different.
    """
    if not await asyncio.to_thread(keeps_code, document, span, new):
        raise AnswerUnusable("The model changed code where only comments were asked for.", "code_changed")


def keeps_syntax(document: Document, span: Range, new: str) -> bool:
    """Whether the document has no more faults with `new` in the span; a language without grammar has none."""
    before = parse(document.text, language_of_id(document.language_id))
    if before is None:
        return True
    return not adds_fault(before, before.edited(applied(document.lines, [Edit(span, new)])))


def keeps_code(document: Document, span: Range, new: str) -> bool:
    """Whether nothing but comments changes; in a language without grammar, whether lines are only added."""
    before = parse(document.text, language_of_id(document.language_id))
    if before is None:
        added = iter(new.splitlines())
        return all(line in added for line in text_in(document.lines, span).splitlines())
    return same_code(before, before.edited(applied(document.lines, [Edit(span, new)])))
