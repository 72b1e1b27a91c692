"""The settings of code actions, those of your own among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pilotfish.settings.key import Key, Trust


@dataclass(frozen=True, slots=True)
class CustomAction:
    """A code action of your own, done by a model. Its name is the table's name."""

    title: Annotated[
        str, Key("What the editor's menu says. `{name}` is the name of the definition in question.")
    ] = ""
    kind: Annotated[
        str,
        Key(
            "The protocol's kind, under which editors sort and filter actions.",
            pattern=r"(quickfix|refactor|source)(\.[A-Za-z]+)*",
            form="`quickfix`, `refactor` or `source`, with parts after a dot if you like",
        ),
    ] = "refactor.rewrite"
    scope: Annotated[
        str,
        Key(
            "What it works on, and so where it is offered: the selected lines, the definition around the "
            "cursor, `either` of these, what is marked by diagnostics, or an `unfinished` function.",
            choices=("selection", "definition", "either", "diagnostics", "unfinished"),
        ),
    ] = "either"
    task: Annotated[
        str,
        Key(
            "What the model is told to do. `{name}`, `{language}` and `{instruction}` are filled in; with "
            "`{instruction}` the editor asks for a line of text first."
        ),
    ] = ""
    answer: Annotated[
        str,
        Key(
            "What is done with the answer: it replaces the text in question, replaces `comments` in it and "
            "is refused if it changes anything else, is shown, or goes to the tests.",
            choices=("replace", "comments", "show", "tests"),
        ),
    ] = "replace"
    context: Annotated[bool, Key("Show the model what other files say about the text in question.")] = True


@dataclass(frozen=True, slots=True)
class ActionSettings:
    """Code actions."""

    enabled: Annotated[bool, Key("Offer code actions.", Trust.LOWER)] = True
    backend: Annotated[
        tuple[str, ...],
        Key(
            "Which models do actions, tried in order: names as in `backend`. "
            "Left out, those of `backend` that can hold a conversation."
        ),
    ] = ()
    apply: Annotated[
        str,
        Key(
            "When a change is made in the text: at once when the answer is complete, which one undo takes "
            "back; or in whole pieces as they become sure, which takes as many.",
            choices=("at_end", "as_it_streams"),
        ),
    ] = "at_end"
    max_tokens: Annotated[int, Key("The longest answer that is asked for.", minimum=1, maximum=1_000_000)] = (
        4096
    )
    context_tokens: Annotated[
        int,
        Key(
            "The most tokens of other files that a model is shown with an action.",
            Trust.LOWER,
            maximum=1_000_000,
        ),
    ] = 4096
    custom: Mapping[str, CustomAction] = field(default_factory=dict)
