"""Ghost text: `textDocument/inlineCompletion`. The same in the ordinary menu: `textDocument/completion`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from lsprotocol import types

from pilotfish.completion.request import Trigger
from pilotfish.lsp.convert import item_to, menu_item_to, position_from, range_from, trigger_from
from pilotfish.lsp.provided import wants_menu
from pilotfish.session.background import log_failure

if TYPE_CHECKING:
    from pilotfish.completion.request import CompletionRequest
    from pilotfish.lsp.server import Server
    from pilotfish.platform.trace import Trace


def register(server: Server) -> None:
    """Announce the feature of this file."""
    server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)(inline_completion)
    server.feature(types.TEXT_DOCUMENT_COMPLETION)(menu_completion)


def has_ghost_text(client: types.ClientCapabilities) -> bool:
    """Whether the editor says that it shows inline completions."""
    return bool(client.text_document and client.text_document.inline_completion)


def inline_completion(
    ls: Server, params: types.InlineCompletionParams
) -> types.InlineCompletionList | Awaitable[types.InlineCompletionList | None]:
    """Answer the newest request of each document.

    One that was overtaken gets null, which keeps what is shown; an empty list clears it. Everything is read
    off the session before the first wait.
    """
    document = ls.session.documents.get(params.text_document.uri)
    if document is None:
        return types.InlineCompletionList([])
    trace = ls.session.traces.begin(document)
    with trace.stage("convert"):
        selected = params.context.selected_completion_info
        request = ls.session.request(
            document,
            position_from(document, params.position, ls.encoding),
            trigger_from(params.context.trigger_kind),
            (range_from(document, selected.range, ls.encoding), selected.text) if selected else None,
        )
    return ls.session.completions.newest(document.uri, _answer(ls, request, trace))


async def _answer(ls: Server, request: CompletionRequest, trace: Trace) -> types.InlineCompletionList:
    try:
        outcome = await ls.session.completions.complete(request, trace)
        return types.InlineCompletionList(
            [item_to(each, request.document, ls.encoding, trace.id) for each in outcome.completions]
        )
    except Exception as error:  # noqa: BLE001 - VS Code shows a pop-up for each error that leaves here
        log_failure(types.TEXT_DOCUMENT_INLINE_COMPLETION, error)
        return types.InlineCompletionList([])


def menu_completion(
    ls: Server, params: types.CompletionParams
) -> types.CompletionList | Awaitable[types.CompletionList | None]:
    """The same completions for editors that have no ghost text, after their other entries."""
    document = ls.session.documents.get(params.text_document.uri)
    menu = ls.session.settings.completion.menu
    if document is None or not wants_menu(menu, has_ghost_text=has_ghost_text(ls.client)):
        return types.CompletionList(is_incomplete=False, items=[])
    trace = ls.session.traces.begin(document)
    with trace.stage("convert"):
        # Editors say "invoked" of what they do by themselves too: what is unsure stays out of their menu.
        position = position_from(document, params.position, ls.encoding)
        request = ls.session.request(document, position, Trigger.AUTOMATIC)
    return ls.session.completions.newest(f"menu {document.uri}", _menu(ls, request, trace))


async def _menu(ls: Server, request: CompletionRequest, trace: Trace) -> types.CompletionList:
    items: list[types.CompletionItem] = []
    try:
        outcome = await ls.session.completions.complete(request, trace)
        items = [
            menu_item_to(each, request, number, ls.encoding, trace.id)
            for number, each in enumerate(outcome.completions)
        ]
    except Exception as error:  # noqa: BLE001 - as above
        log_failure(types.TEXT_DOCUMENT_COMPLETION, error)
    return types.CompletionList(is_incomplete=True, items=items)
