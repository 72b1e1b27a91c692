"""A code action waits for a busy service as long as it asks for, and asks again; a completion does not."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from pilotfish.errors import BackendBusy
from pilotfish.models.backend import Chat, Prompt
from pilotfish.models.echo import EchoBackend
from tests.actions.editor import scripted
from tests.lsp.test_actions import AFTER, ANSWER, FUNCTION, URI, editor_on
from tests.lsp.wire import completion_params, server_here


async def test_an_action_is_asked_again_and_a_completion_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[type] = []
    answers = EchoBackend.stream

    async def busy_at_first(self: EchoBackend, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        asked.append(type(prompt))
        if asked.count(type(prompt)) == 1:
            raise BackendBusy("too many requests", retry_after_s=0.01)
        async for piece in answers(self, prompt):
            yield piece

    monkeypatch.setattr(EchoBackend, "stream", busy_at_first)
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        answer = await wire.request("textDocument/inlineCompletion", completion_params(URI, 7, 0))
        assert answer == {"items": []}
        assert (await editor.do(await editor.action(URI, FUNCTION, "Simplify")))["result"] == {
            "applied": True
        }
        assert editor.texts[URI] == AFTER
    assert asked == [Prompt, Chat, Chat]
