"""Code actions: `textDocument/codeAction`, `codeAction/resolve`, and the commands `pilotfish.action.<name>`.

An edit is resolved lazily only for clients that say they can; all others, and all actions that a model does,
get a command, whose progress can be seen and cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.actions.names import COMMAND_PREFIX
from pilotfish.errors import ActionDeclined, ActionStopped, PilotfishError
from pilotfish.lsp.convert import range_from, range_to
from pilotfish.lsp.edits import new_file_edit, workspace_edit
from pilotfish.lsp.errors import INVALID_PARAMS, RequestError
from pilotfish.lsp.screen import EditorScreen, announces

if TYPE_CHECKING:
    from pilotfish.actions.offer import Offer
    from pilotfish.actions.spot import Diagnostic, Spot
    from pilotfish.lsp.server import Server
    from pilotfish.text.document import Document

MAX_DIAGNOSTICS = 20
_MALFORMED = 'its argument is {"uri": "…", "version": 1, "range": {…}}'


def register(server: Server) -> None:
    """Announce the features of this file."""
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION)(code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(cancel)
    server.feature("pilotfish/edit/accept")(accept)
    server.feature("pilotfish/edit/reject")(reject)


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
    """`textDocument/codeAction`: no model is asked."""
    ls.session.start()
    document = ls.session.documents.get(params.text_document.uri)
    if document is None:
        return []
    selection = range_from(document, params.range, ls.encoding)
    said = [_diagnostic_to(ls, document, each) for each in params.context.diagnostics[:MAX_DIAGNOSTICS]]
    spot = ls.session.actions.spot(document, selection, said)
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    found = await ls.session.actions.offers(spot, only, can_ask=announces(ls, "ask"))
    text_document = ls.client.text_document
    ability = text_document.code_action if text_document else None
    if ability is None or ability.code_action_literal_support is None:
        return [_command(ls, offer, spot) for offer in found if not offer.disabled]
    return [
        _action(ls, offer, spot, params.context.diagnostics, ability)
        for offer in found
        if not offer.disabled or ability.disabled_support
    ]


async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """`codeAction/resolve`: the edit of an action that needs no model. What is not ours is given back."""
    if not isinstance(action.data, Mapping) or not isinstance(action.data.get("action"), str):
        return action
    change = await ls.session.actions.change(
        action.data["action"], _spot(ls, action.data), str(action.data.get("detail") or "")
    )
    if change.is_new_file:
        action.edit = new_file_edit(ls, change.made)
    else:
        action.edit = workspace_edit(ls, change.document, change.edits)
    return action


async def run(ls: Server, params: types.ExecuteCommandParams) -> dict[str, bool]:
    """The command `pilotfish.action.<name>`; answered when it is done, with an error if it could not be.

    Raises:
        PilotfishError: what went wrong, in a sentence.
        RequestError: its arguments cannot be used.
    """
    ls.session.start()
    name = params.command.removeprefix(COMMAND_PREFIX)
    argument = params.arguments[0] if params.arguments else None
    if not isinstance(argument, Mapping):
        raise RequestError(INVALID_PARAMS, f"{params.command[:100]}: {_MALFORMED}")
    spot = _spot(ls, argument)
    title = str(argument.get("title") or name)
    work = asyncio.current_task()
    assert work is not None, "the protocol runs requests as tasks"
    screen = EditorScreen(ls, f"pilotfish: {title}", params.work_done_token, work)
    screen.begin()
    ended, is_made = "cancelled", False
    try:
        instruction, detail = (str(argument.get(key) or "") for key in ("instruction", "detail"))
        is_made = await ls.session.actions.run(name, spot, screen, detail=detail, instruction=instruction)
        ended = "done"
    except ActionDeclined as declined:
        ended = str(declined)
    except PilotfishError as error:
        ended = str(error)
        raise
    finally:
        screen.end(ended)
    return {"applied": is_made}


def cancel(ls: Server, params: types.WorkDoneProgressCancelParams) -> None:
    """`window/workDoneProgress/cancel`: the cancel button."""
    work = ls.cancellable.get(params.token)
    if work is not None:
        work.cancel()


def accept(ls: Server, params: Any) -> None:
    """`pilotfish/edit/accept`: make the change that was shown."""
    _decide(ls, params, accepted=True)


def reject(ls: Server, params: Any) -> None:
    """`pilotfish/edit/reject`."""
    _decide(ls, params, accepted=False)


def _decide(ls: Server, params: Any, *, accepted: bool) -> None:
    name = params.get("id") if isinstance(params, Mapping) else getattr(params, "id", None)
    decision = ls.previews.get(str(name))
    if decision is None:
        raise RequestError(INVALID_PARAMS, "there is no such preview any more")
    if not decision.done():
        decision.set_result(accepted)


def _arguments(ls: Server, offer: Offer, spot: Spot) -> dict[str, Any]:
    """What is needed to do it later: requests are stateless."""
    document = spot.document
    return {
        "action": offer.action,
        "title": offer.title,
        "detail": offer.detail,
        "uri": document.uri,
        "version": document.version,
        "range": range_to(document, spot.selection, ls.encoding),
        "diagnostics": [
            {
                "range": range_to(document, each.range, ls.encoding),
                "message": each.message,
                "source": each.source,
            }
            for each in spot.diagnostics
        ],
    }


def _command(ls: Server, offer: Offer, spot: Spot) -> types.Command:
    return types.Command(
        title=offer.title,
        command=COMMAND_PREFIX + offer.action,
        arguments=[_arguments(ls, offer, spot)],
    )


def _action(
    ls: Server,
    offer: Offer,
    spot: Spot,
    diagnostics: Sequence[types.Diagnostic],
    ability: types.CodeActionClientCapabilities,
) -> types.CodeAction:
    action = types.CodeAction(
        title=offer.title,
        kind=offer.kind,
        is_preferred=True if offer.is_preferred and ability.is_preferred_support else None,
        diagnostics=list(diagnostics)
        if offer.kind == types.CodeActionKind.QuickFix and diagnostics
        else None,
    )
    if offer.is_generated and ability.tag_support:
        action.tags = [types.CodeActionTag.LlmGenerated]
    if offer.disabled:
        action.disabled = types.CodeActionDisabled(offer.disabled)
    elif _resolves_edits(ability) and not offer.is_generated and offer.action != "complete":
        action.data = _arguments(ls, offer, spot)
    else:
        action.command = _command(ls, offer, spot)
    return action


def _resolves_edits(ability: types.CodeActionClientCapabilities) -> bool:
    return bool(
        ability.data_support and ability.resolve_support and "edit" in ability.resolve_support.properties
    )


def _spot(ls: Server, argument: Mapping[str, Any]) -> Spot:
    """Where an action was offered.

    Raises:
        ActionStopped: the document is another one by now.
        RequestError: the argument is not what was given out.
    """
    uri = argument.get("uri")
    document = ls.session.documents.get(uri) if isinstance(uri, str) else None
    if document is None:
        raise ActionStopped("The document is not open any more.")
    version = argument.get("version")
    if version is not None and version != document.version:
        raise ActionStopped("The document has changed since this was offered; ask for it again.")
    structure = ls.protocol.structure
    try:
        span = structure(argument.get("range"), types.Range)
        said = [structure(each, types.Diagnostic) for each in argument.get("diagnostics") or ()]
    except Exception as error:
        raise RequestError(INVALID_PARAMS, _MALFORMED) from error
    diagnostics = [_diagnostic_to(ls, document, each) for each in said[:MAX_DIAGNOSTICS]]
    return ls.session.actions.spot(document, range_from(document, span, ls.encoding), diagnostics)


def _diagnostic_to(ls: Server, document: Document, said: types.Diagnostic) -> Diagnostic:
    from pilotfish.actions.spot import Diagnostic  # noqa: PLC0415 - not before `initialize` is answered

    return Diagnostic(range_from(document, said.range, ls.encoding), said.message, said.source or "")
