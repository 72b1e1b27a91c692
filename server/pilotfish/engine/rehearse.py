"""One question before the first: what runs for the first time takes several times as long."""

from __future__ import annotations

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import parse
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

_ABOVE = "def {0}(self, {0}):\n    self.{0} = {0}\n    return self.{0}\n\n"


def rehearse() -> None:
    """Ask for a line of a few made-up functions, and parse them: about 20 ms."""
    text = "".join(map(_ABOVE.format, ("one", "two", "three")))
    lines = split_lines(f"{text}def four(self, four):\n    \n\nfour(four)\n")
    parse("".join(lines), language_of_id("python"))  # What is offered is asked to follow the grammar.
    place = Position(len(lines) - 4, 4)
    finish(predict(Query(Document("untitled:rehearsal", None, "", 1, lines), place), Buffers(), IndexView()))
