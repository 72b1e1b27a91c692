"""The syntax trees of the documents that completions were asked in lately."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps
from pilotfish.syntax.languages import language_of_id

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree
    from pilotfish.text.document import Document

MAX_TREES = 8
MAX_LINES = 20_000
"""Longer documents are generated: their trees would take a tenth of a second and hundreds of megabytes."""


class Trees:
    """Remembers the last tree of each document: the next version is parsed only where it differs."""

    def __init__(self) -> None:
        self._trees: OrderedDict[str, tuple[int, Tree]] = OrderedDict()

    def of(self, document: Document) -> Steps[Tree | None]:
        """The tree of a document, made in steps; None where its language has no grammar."""
        from pilotfish.syntax.tree import parse_steps  # noqa: PLC0415 - not before `initialize` is answered

        language = language_of_id(document.language_id)
        if not language.grammar or len(document.lines) > MAX_LINES:
            return None
        version, tree = self._trees.get(document.uri, (None, None))
        if tree is None or tree.language is not language:
            tree = yield from parse_steps("".join(document.lines), language)
        elif version != document.version:
            tree = yield from tree.edited_steps("".join(document.lines))
        if tree is not None:
            self._trees[document.uri] = document.version, tree
            self._trees.move_to_end(document.uri)
            while len(self._trees) > MAX_TREES:
                self._trees.popitem(last=False)
        return tree

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._trees.pop(uri, None)
