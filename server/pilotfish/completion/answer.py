"""Taking the code out of what a model says: thoughts, tags, fences, talk and control tokens are left.

It knows the two ways in which `prompt/chat.py` asks: between tags, or by the beginning of the answer. Models
that fill holes talk too, above all when the one behind the address was trained for conversations.
"""

from __future__ import annotations

import re
from typing import Literal

from pilotfish.prompt.chat import CLOSING, FENCE, OPENING

AskedAs = Literal["hole", "tags", "begun"]
"""A hole filled by a model trained for it; a conversation that wants tags; one whose answer was begun."""

CONTROL = re.compile(
    r"<\|[\w .:/-]{1,40}\|>|<｜[^｜\n]{1,40}｜>|<\[[\w▁ -]{1,40}\]>"
    r"|</?(?:fim[_-]?(?:prefix|suffix|middle|pad|hole)|file_sep|repo_?name|filename|cursor|hole"
    r"|s|eos|bos|pad|unk|end_of_turn|start_of_turn|EOT|PRE|SUF|MID|END|EOM)/?>"
    r"|\[/?(?:PREFIX|SUFFIX|MIDDLE|FILL|INST|CODE|PYTHON|TESTS)\]|\+{5} "
)
"""Control tokens as the families of models spell them, whichever of them is at the other end."""

_FENCE_LINE = re.compile(rf"^[ \t]*{FENCE}(?P<language>[^\n`]*)\n", re.MULTILINE)
_END_OF_FENCE = re.compile(rf"^[ \t]*{FENCE}|{FENCE}[ \t]*$", re.MULTILINE)
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>\s*|\Z)", re.DOTALL)

_SENTENCE = re.compile(
    r"\s*(?:[A-Z][\w'’]*|\*\*[A-Z][^*\n]*)(?:,?[ ]+[^\s]+){2,}[.:!?](?:\*\*)?\s*"
    r"|\s*[^\s=(){};\"']*[\u3040-\u9fff\uac00-\ud7af][^=(){};\"']*[：:。！!]\s*"
    r"|\s*(?:Sure|Certainly|Absolutely|Of course|Okay|OK|Great)[^\n=(){};]{0,60}[.:!]\s*"
)
_PREAMBLE = re.compile(
    r"\s*(?:Sure|Certainly|Absolutely|Of course|Here is|Here's|Here are|Based on|To complete"
    r"|The (?:missing|completed|next|following))\b[^\n=(){};]{0,100}:[ \t]*\n+"
)
_NOT_TALK = re.compile(r"[={};\[\]]|\w\(")
_LEAD_IN = re.compile(
    r"\s*(?:(?:Sure|Certainly|Here|The|This|Your|Answer|Output|Completion|Code|Result)\b[^\n:`=(){};]{0,80}:)"
    r"[ \t]+(?=\S)"
)
_BACKTICK_IS_CODE = frozenset(
    {
        *("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"),
        *("go", "kotlin", "scala", "swift", "php", "ruby", "perl", "r", "julia", "haskell"),
        *("shellscript", "powershell", "sql"),
    }
)
"""Languages in which code may begin with a backtick: without more around it, it is no quote."""

_QUOTED = re.compile(r"(?:[^`\n]{0,120}?[ \t])?`(?P<code>[^`\n]+)`[ \t]*(?:[.!]|$)")


def code_in(text: str, asked_as: AskedAs, language_id: str) -> str:
    """The code in an answer, also in one that has only partly come; empty while there is none yet."""
    if asked_as == "hole":
        return _out_of_talk(text, language_id)
    text = _THOUGHTS.sub("", text)
    if OPENING in text:
        text = text.split(OPENING, 1)[1].split(CLOSING, 1)[0]
        asked_as = "begun"  # what is left may still be fenced, and is code if it is not
    opened = _FENCE_LINE.search(text)
    # A begun answer has its fence already, so one that names a language means: begun once more, with a word
    # of explanation before it.
    if opened is not None and (
        asked_as == "tags" or opened["language"].strip() or not text[: opened.start()].strip()
    ):
        text = text[opened.end() :]
    elif asked_as == "tags":
        return ""
    if (closed := _END_OF_FENCE.search(text)) is not None:
        text = text[: closed.start()].removesuffix("\n")
    return text


def without_leading_control(text: str) -> str:
    """A model's control tokens at the start of its answer say nothing; further on they end it."""
    while (leading := CONTROL.match(text.lstrip())) is not None:
        text = text.lstrip()[leading.end() :]
        if "assistant" in leading[0]:  # whose turn it is stands on a line of its own
            text = text.removeprefix("\n")
    return text


def without_chat(text: str) -> str:
    """Without what only a conversation begins with, and its fence; for places that hold prose."""
    opened = _FENCE_LINE.search(text)
    if opened is None:
        preamble = _PREAMBLE.match(text)
        return text[preamble.end() :] if preamble is not None else text
    about = text[: opened.start()]
    if about.strip() and not _PREAMBLE.fullmatch(about):
        return text
    return _END_OF_FENCE.split(text[opened.end() :], maxsplit=1)[0].removesuffix("\n")


def has_talk(text: str, language_id: str) -> bool:
    """Whether there is something around the code that `code_in` would leave."""
    return _out_of_talk(text, language_id) != text


def is_sentence(line: str) -> bool:
    """Whether a line reads like talk and not like code of any language."""
    return bool(_SENTENCE.fullmatch(line)) and not _NOT_TALK.search(re.sub("`[^`]*`", "", line))


def _out_of_talk(text: str, language_id: str) -> str:
    """What a model that was to fill a hole says, without the sentences before it and the fences around it."""
    text = _THOUGHTS.sub("", text)
    opened = _FENCE_LINE.search(text)
    if opened is not None and all(map(_is_about_it, text[: opened.start()].split("\n"))):
        text = text[opened.end() :]
    else:
        text = _without_lead_in(text, language_id)
    closed = _END_OF_FENCE.search(text)
    return text[: closed.start()].rstrip(" \t").removesuffix("\n") if closed is not None else text


def _without_lead_in(text: str, language_id: str) -> str:
    """Sentences at the start, and what introduces code on its own line or quotes it."""
    lines = text.split("\n")
    count = next((n for n, line in enumerate(lines) if line.strip() and not is_sentence(line)), len(lines))
    if any(map(str.strip, lines[:count])):
        text = "\n".join(lines[count:])
    if (lead_in := _LEAD_IN.match(text)) is not None:
        text = text[lead_in.end() :]
    if (quoted := _QUOTED.match(text)) is not None and (
        (quoted.start("code") == 1 and language_id not in _BACKTICK_IS_CODE)
        or lead_in is not None
        or " is " in quoted[0]
    ):
        text = quoted["code"]
    return text


def _is_about_it(line: str) -> bool:
    """Whether a line before a fence is about what the fence holds: there a sentence may name code, too."""
    return not line.strip() or bool(_SENTENCE.fullmatch(line))
