"""What an action shows and changes in the editor, in the protocol's words: its `Screen`."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.lsp.convert import range_to
from pilotfish.lsp.edits import new_file_edit, workspace_edit
from pilotfish.lsp.errors import RequestError
from pilotfish.lsp.paced import Paced
from pilotfish.lsp.show import show_document
from pilotfish.platform.paths import cache_directory, make_private

if TYPE_CHECKING:
    from pathlib import Path

    from pilotfish.lsp.server import Server
    from pilotfish.text.document import Document
    from pilotfish.text.edit import Edit

EDIT_PREVIEW = "pilotfish/edit/preview"
ASK = "pilotfish/ask"
SAY_EVERY_S = 0.1
"""The first words are shown at once; after that editors draw no faster than this with pleasure."""

_IDS = itertools.count(1)


def said_of_us(client: types.ClientCapabilities, name: str) -> Any:
    """What the client says under `experimental.pilotfish`; None where it says nothing."""
    said = client.experimental
    own = said.get("pilotfish") if isinstance(said, Mapping) else getattr(said, "pilotfish", None)
    return own.get(name) if isinstance(own, Mapping) else getattr(own, name, None)


def announces(ls: Server, ability: str) -> bool:
    """Whether the client says that it can do this."""
    return bool(said_of_us(ls.client, ability))


class EditorScreen:
    """One action's.

    Args:
        ls: the connection.
        title: what the progress is called.
        token: of the progress, if the client has made one.
        work: what the cancel button cancels.
    """

    def __init__(
        self, ls: Server, title: str, token: types.ProgressToken | None, work: asyncio.Future[Any]
    ) -> None:
        self._ls = ls
        self._title = title
        self._work = work
        self._id = f"pilotfish/action/{next(_IDS)}"
        self._token: types.ProgressToken | None = token
        self._is_begun = False
        self._said = Paced(self._tell, SAY_EVERY_S)
        self._message = ""
        self._shown: Path | None = None
        self._written = Paced(self._write, SAY_EVERY_S)
        self._decision: asyncio.Future[bool] | None = None

    # --- its life -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show that work has begun, where the client shows progress."""
        window = self._ls.client.window
        if self._token is not None:
            self._begun()
        elif window and window.work_done_progress:
            self._token = self._id
            params = types.WorkDoneProgressCreateParams(self._id)
            asked = self._ls.protocol.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
            asked.add_done_callback(self._created)

    def end(self, message: str) -> None:
        """The work has ended, like this."""
        self._said.flush()
        self._written.flush()
        if self._is_begun:
            self._report(types.WorkDoneProgressEnd(message=message or None))
        if self._token is not None:
            self._ls.cancellable.pop(self._token, None)
        self._is_begun, self._token = False, None
        if self._decision is not None:
            self._ls.previews.pop(self._id, None)
            self._ls.protocol.notify(EDIT_PREVIEW, {"id": self._id, "state": "gone"})

    def _created(self, asked: asyncio.Future[Any]) -> None:
        if not asked.cancelled() and asked.exception() is None and self._token is not None:
            self._begun()

    def _begun(self) -> None:
        assert self._token is not None
        self._ls.cancellable[self._token] = self._work
        self._is_begun = True
        begin = types.WorkDoneProgressBegin(self._title, cancellable=True, message=self._message or None)
        self._report(begin)

    def _report(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        assert self._token is not None
        self._ls.protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))

    # --- the screen -----------------------------------------------------------------------------------

    @property
    def has_preview(self) -> bool:
        """Whether the client draws previews."""
        return announces(self._ls, "editPreview")

    def say(self, text: str) -> None:
        """The growing text, as the progress's message."""
        self._message = text
        if self._is_begun:
            self._said.put(text)

    def _tell(self, text: str) -> None:
        self._report(types.WorkDoneProgressReport(message=text))

    async def apply(self, label: str, document: Document, edits: Sequence[Edit]) -> bool:
        """`workspace/applyEdit`."""
        return await self._apply(label, workspace_edit(self._ls, document, edits))

    async def create(self, label: str, document: Document) -> bool:
        """`workspace/applyEdit` that makes a file."""
        return await self._apply(label, new_file_edit(self._ls, document))

    async def _apply(self, label: str, edit: types.WorkspaceEdit) -> bool:
        params = types.ApplyWorkspaceEditParams(edit, f"pilotfish: {label}")
        try:
            answer = await self._ls.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
        except RequestError:
            return False
        return isinstance(answer, Mapping) and answer.get("applied") is True

    async def preview(self, label: str, document: Document, edits: Sequence[Edit], *, is_last: bool) -> None:
        """`pilotfish/edit/preview`."""
        if self._decision is None:
            self._decision = asyncio.get_running_loop().create_future()
            self._ls.previews[self._id] = self._decision
        hunks = [
            {"range": range_to(document, edit.range, self._ls.encoding), "newText": edit.text}
            for edit in edits
        ]
        params = {
            "id": self._id,
            "state": "complete" if is_last else "growing",
            "label": label,
            "textDocument": {"uri": document.uri, "version": document.version},
            "edits": hunks,
        }
        self._ls.protocol.notify(EDIT_PREVIEW, params)

    async def decision(self) -> bool:
        """What `pilotfish/edit/accept` or `pilotfish/edit/reject` says."""
        assert self._decision is not None, "nothing was shown"
        return await asyncio.shield(self._decision)

    async def show(self, name: str, markdown: str) -> None:
        """A file in the cache, shown once and written as it grows."""
        is_first = self._shown is None
        if self._shown is None:
            stem = re.sub(r"[^\w.-]+", "-", name)[:80].strip("-.")
            number = self._id.rsplit("/", 1)[-1]
            self._shown = make_private(cache_directory() / "shown") / f"{stem}-{number}.md"
        self._written.put(markdown)
        if is_first:
            await show_document(self._ls, self._shown)

    def _write(self, text: str) -> None:
        assert self._shown is not None
        self._shown.write_text(text, encoding="utf-8")

    async def ask(self, question: str) -> str:
        """`pilotfish/ask`, of clients that announce it."""
        if not announces(self._ls, "ask"):
            return ""
        with suppress(RequestError):
            answer = await self._ls.protocol.ask(ASK, {"question": question})
            return answer if isinstance(answer, str) else ""
        return ""
