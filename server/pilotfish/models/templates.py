"""Writing a hole with a model's own control tokens, and keeping the user's text from containing any."""

from __future__ import annotations

from collections.abc import Iterable

from pilotfish.errors import BackendError
from pilotfish.models.backend import ModelProfile, Prompt

CHAT_CONTROL = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<|user|>",
    "<|assistant|>",
    "[INST]",
    "[/INST]",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<｜end▁of▁sentence｜>",
)
"""Tokens that divide the turns of a conversation, in the templates of common open models."""


def split_line(prefix: str) -> tuple[str, str]:
    """Whole lines, and the beginning of the cursor's line.

    The latter can stand behind the suffix, as the beginning of the answer. From key to key only the end of
    the prompt changes then, and a server's prompt cache holds for the suffix too (the way of llama.vim).
    """
    end = prefix.rfind("\n") + 1
    return prefix[:end], prefix[end:]


def fill_template(prompt: Prompt, profile: ModelProfile) -> str:
    """The prompt as one text for a model with a `template`."""
    lines, line = split_line(prompt.prefix)
    parts = {"suffix": prompt.suffix, "line": line, "path": prompt.path, "language": prompt.language}
    safe = {name: defused(text, profile.control) for name, text in parts.items()}
    files = [(part.path, defused(part.text, profile.control)) for part in prompt.context]
    prefix = defused(lines, profile.control)
    if "{files}" not in profile.template:
        return profile.template.format(prefix="".join(text for _, text in files) + prefix, files="", **safe)
    if files:
        files.append((prompt.path, ""))
    told = "".join(
        profile.file.format(path=defused(path, profile.control), text=text) for path, text in files
    )
    return profile.template.format(prefix=prefix, files=told, **safe)


def defused(text: str, control: Iterable[str]) -> str:
    """The text with each control token broken by a space, which the model reads as text.

    This very file's neighbours contain such tokens; in a prompt they would end or divide it.
    """
    for token in control:
        if token in text:
            text = text.replace(token, f"{token[:1]} {token[1:]}")
    return text


def check_template(template: str) -> None:
    """Refuse a template that `fill_template` cannot fill.

    Raises:
        BackendError: it names no prefix, or something unknown.
    """
    try:
        filled = template.format(prefix="\0", suffix="", line="", path="", language="", files="")
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise BackendError(f"option 'template' cannot be filled: {error}") from error
    if "\0" not in filled:
        raise BackendError("option 'template' must contain {prefix}")
