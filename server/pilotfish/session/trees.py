"""The syntax trees of the documents that completions were asked in lately."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps, run_steps, within
from pilotfish.session.background import Background
from pilotfish.syntax.languages import language_of_id

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree
    from pilotfish.text.document import Document

MAX_TREES = 8
MAX_LINES = 20_000
"""Longer documents are generated: their trees would take a tenth of a second and hundreds of megabytes."""

_FIRST_STEPS, _NEXT_STEPS = 25, 5
"""How many steps of four milliseconds a parse may take: the first of a document, and those after a key."""

_IDLE_S = 0.02
"""Editors open a document and ask about it in one breath, or many documents."""

_REST_VERSIONS = 20
"""A text that its grammar cannot cope with now is left alone for so many keys."""


class Trees:
    """Remembers the last tree of each document: the next version is parsed only where it differs."""

    def __init__(self) -> None:
        self._trees: OrderedDict[str, tuple[int, Tree]] = OrderedDict()
        self._rests_until: dict[str, int] = {}
        self._background = Background()

    def read_ahead(self, document: Document) -> None:
        """Read the tree of a document that was opened, before the first completion there would wait for it.

        Of many that are opened at once only the last is, which is the one that the user looks at.
        """
        self.ask_first()
        self._background.run(self._read(document))

    def ask_first(self) -> None:
        """Somebody waits for an answer: what is read ahead gives way, and is read when it is needed."""
        self._background.stop()

    async def aclose(self) -> None:
        """End what runs."""
        await self._background.aclose()

    def of(self, document: Document) -> Steps[Tree | None]:
        """The tree of a document; None where its language has no grammar, or it would take too long."""
        from pilotfish.syntax.tree import parse_steps  # noqa: PLC0415 - not before `initialize` is answered

        uri, language = document.uri, language_of_id(document.language_id)
        if not language.grammar or len(document.lines) > MAX_LINES:
            return None
        version, tree = self._trees.get(uri, (None, None))
        if tree is None or tree.language is not language:
            steps, most = parse_steps("".join(document.lines), language), _FIRST_STEPS
        elif version != document.version:
            steps, most = tree.edited_steps("".join(document.lines)), _NEXT_STEPS
        else:
            return tree
        if document.version < self._rests_until.get(uri, document.version):
            return None
        tree = yield from within(steps, most)
        if tree is None:
            self._rests_until[uri] = document.version + _REST_VERSIONS
            return None
        self._trees[uri] = document.version, tree
        self._trees.move_to_end(uri)
        while len(self._trees) > MAX_TREES:
            self._trees.popitem(last=False)
        return tree

    async def _read(self, document: Document) -> None:
        await asyncio.sleep(_IDLE_S)
        await run_steps(self.of(document))

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._trees.pop(uri, None)
        self._rests_until.pop(uri, None)
