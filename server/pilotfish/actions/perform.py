"""An action that a model does, from the call to the change: the whole story.

choose a model → gather context → ask → read what comes, as it comes → check it by syntax → preview or apply.
The target follows the user's typing all the while. Cancelling the task that runs `perform` is the only
cancel: the stream is closed, and the document is as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from pilotfish.actions.action import AnswerForm, ModelAction
from pilotfish.actions.addition import with_code
from pilotfish.actions.answer import fenced, new_text
from pilotfish.actions.apply import NOTES, check_untouched, replace_target
from pilotfish.actions.chat import Asked, chat_for, tokens_of
from pilotfish.actions.exact import check_change, make_change
from pilotfish.actions.gate import check_code_stays, check_syntax
from pilotfish.actions.markdown import without_fetches
from pilotfish.actions.models import choose
from pilotfish.actions.offer import title_of
from pilotfish.actions.preview import Previewed, decide
from pilotfish.actions.screen import Screen
from pilotfish.actions.spot import Spot
from pilotfish.actions.streamed import Streamed
from pilotfish.actions.target import Target
from pilotfish.actions.testfile import TestFile, find_test_file
from pilotfish.actions.tools import Tools
from pilotfish.context.snippet import Context
from pilotfish.errors import ActionDeclined, ActionStopped, AnswerUnusable
from pilotfish.models.backend import Backend, Chat
from pilotfish.models.retry import stream_patiently
from pilotfish.platform.trace import Part
from pilotfish.text.document import Range

SAID_CHARS = 120


async def perform(
    action: ModelAction, spot: Spot, tools: Tools, screen: Screen, instruction: str = ""
) -> bool:
    """Do it; whether a change was seen to be made.

    Raises:
        ActionStopped: it cannot be done; the sentence says why, and the document is as the user left it.
        BackendError: the model could not answer.
    """
    span = spot.span(action.scope)
    if span is None:
        raise ActionStopped("There is nothing here that this action works on.")
    target, trace = Target(spot.document, span), tools.trace
    with tools.follow(target):
        if action.needs_instruction and not instruction:
            instruction = await screen.ask(title_of(action, spot))
            if not instruction.strip():
                raise ActionDeclined("Nothing was asked for, so nothing was changed.", "nothing_asked")
        with trace.stage("choose") as stage:
            is_for_tests = action.answer is AnswerForm.TESTS
            tests = await asyncio.to_thread(find_test_file, spot, tools) if is_for_tests else None
            trace.backend, backend = choose(
                tools, (spot.document.path, tests.document.path if tests else None)
            )
            stage.note = trace.backend
        context = await _gathered(spot, span, tools) if action.context else Context()
        with trace.stage("render") as stage:
            name = spot.definition.name if spot.definition else ""
            asked, most = Asked(span, instruction, name, tests), tools.settings.actions.max_tokens
            chat = chat_for(action, spot, asked, context, backend.profile, most)
            stage.note = f"as a conversation, {tokens_of(chat)} tokens"
        answer = _answer(backend, chat, tools, screen)
        if action.answer is AnswerForm.SHOW:
            return await _show(action, spot, answer, screen)
        if tests is not None:
            return await _write_tests(action, tests, answer, tools, screen)
        return await _change(action, spot, target, answer, tools, screen)


async def _gathered(spot: Spot, span: Range, tools: Tools) -> Context:
    with tools.trace.stage("gather") as stage:
        context = await tools.gather(spot, span)
        stage.note = "; ".join([f"{len(context.snippets)} snippets, {context.tokens} tokens", *context.late])
        tools.trace.parts = [Part(each.source, each.tokens, each.path) for each in context.snippets]
    return context


async def _answer(backend: Backend, chat: Chat, tools: Tools, screen: Screen) -> AsyncGenerator[str, None]:
    """The answer as far as it has come, each time something has; its end is the progress's message."""
    text, clock = "", tools.trace.clock
    with tools.trace.stage("stream") as stage:
        start_ms = clock.now_ms()
        async with tools.turns.action(backend), aclosing(stream_patiently(backend, chat)) as pieces:
            async for piece in pieces:
                if not text:
                    first = f"first text after {clock.now_ms() - start_ms:.1f} ms"
                text += piece
                stage.note = f"{first}, {len(text)} characters"
                screen.say(_last_words(text))
                yield text


async def _show(action: ModelAction, spot: Spot, answer: AsyncGenerator[str, None], screen: Screen) -> bool:
    text = ""
    async with aclosing(answer):
        async for text in answer:
            await screen.show(f"{action.name} {spot.shown_path}", without_fetches(text))
    if not text.strip():
        raise AnswerUnusable("The model said nothing.", "no_text")
    return False


async def _change(
    action: ModelAction,
    spot: Spot,
    target: Target,
    answer: AsyncGenerator[str, None],
    tools: Tools,
    screen: Screen,
) -> bool:
    """New text for the target, at the end or as it becomes sure."""
    old, path, label, trace = target.text, spot.shown_path, action.name, tools.trace
    growing: Previewed | Streamed | None = None
    if screen.has_preview:
        growing = Previewed(target, screen, label)
    elif tools.settings.actions.apply == "as_it_streams":
        growing = Streamed(target, screen, label)
    text = ""
    try:
        async with ends_when_touched(target), aclosing(answer):
            async for text in answer:
                if growing is not None:
                    await growing.feed(text)
        with trace.stage("parse"):
            new = new_text(text, old, path)
            if new == old:
                raise AnswerUnusable("The model would change nothing.", "no_change")
        with trace.stage("check"):
            await check_syntax(target.document, target.span, new)
            if action.answer is AnswerForm.COMMENTS:
                await check_code_stays(target.document, target.span, new)
        with trace.stage("apply") as stage:
            is_seen = await (decide if screen.has_preview else replace_target)(target, new, screen, label)
            stage.note = NOTES[is_seen]
        return is_seen
    except AnswerUnusable as error:
        if growing is not None:
            await growing.take_back()
        await _show_refused(error, action, path, text, screen)
        raise
    except BaseException:
        if growing is not None:
            await asyncio.shield(growing.take_back())
        raise


async def _write_tests(
    action: ModelAction, tests: TestFile, answer: AsyncGenerator[str, None], tools: Tools, screen: Screen
) -> bool:
    text = await _last(answer)
    try:
        with tools.trace.stage("parse"):
            change = await asyncio.to_thread(with_code, tests.document, fenced(text))
        with tools.trace.stage("check"):
            await check_change(change)
        return await make_change(change, tools, screen, action.name)
    except AnswerUnusable as error:
        await _show_refused(error, action, tests.shown_path, text, screen)
        raise


async def _last(answer: AsyncGenerator[str, None]) -> str:
    text = ""
    async with aclosing(answer):
        async for said in answer:
            text = said
    return text


async def _show_refused(
    error: AnswerUnusable, action: ModelAction, path: str, text: str, screen: Screen
) -> None:
    """What cannot be applied is for the user to read."""
    said = f"{error} Nothing was changed. It said:\n\n{without_fetches(text)}\n"
    await screen.show(f"{action.name} {path}", said)


@asynccontextmanager
async def ends_when_touched(target: Target) -> AsyncGenerator[None, None]:
    """The body ends at once with ActionStopped when the user edits inside the target, or closes it."""
    check_untouched(target)
    try:
        async with asyncio.timeout(None) as scope:
            loop = asyncio.get_running_loop()
            target.when_lost = lambda: scope.reschedule(loop.time())
            try:
                yield
            finally:
                target.when_lost = None
    except TimeoutError:
        check_untouched(target)
        raise


def _last_words(text: str) -> str:
    """The end of what has come, in one line."""
    return " ".join(text[-2 * SAID_CHARS :].split())[-SAID_CHARS:]
