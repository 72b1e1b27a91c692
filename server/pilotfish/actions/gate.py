"""The syntax gate: a change that breaks the grammar where it held before is not made."""

from __future__ import annotations

import asyncio

from pilotfish.errors import AnswerUnusable
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import adds_fault, parse
from pilotfish.text.document import Document, Range
from pilotfish.text.edit import Edit, applied


async def check_syntax(document: Document, span: Range, new: str) -> None:
    """Parse the document with `new` in the span.

    Raises:
        AnswerUnusable: that has more faults than the document as it is.
    """
    if not await asyncio.to_thread(keeps_syntax, document, span, new):
        raise AnswerUnusable("What the model wrote is not valid code here.")


def keeps_syntax(document: Document, span: Range, new: str) -> bool:
    """Whether the document has no more faults with `new` in the span; a language without grammar has none."""
    language = language_of_id(document.language_id)
    before = parse(document.text, language)
    if before is None:
        return True
    return not adds_fault(before, before.edited(applied(document.lines, [Edit(span, new)])))
