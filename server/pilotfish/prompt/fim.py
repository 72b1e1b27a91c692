"""Fill-in-the-middle prompts: snippets as comment-headed parts, then the text around the cursor.

The prefix starts at a line number that is a multiple of a block, so that it stays the same text from key to
key and a model server's prompt cache holds: one that slides costs hundreds of tokens read again at every key.
"""

from __future__ import annotations

from pilotfish.context.snippet import Context
from pilotfish.models.backend import ModelProfile, Prompt, PromptPart
from pilotfish.syntax.languages import comment_line, language_of_id
from pilotfish.text.document import Document, Position

BLOCK_LINES = 32
BYTES_PER_TOKEN = 4
PREFIX_SHARE = 0.6
SUFFIX_SHARE = 0.2
STEP_TOKENS = 512
"""Room for snippets is kept in such steps: the prefix begins at the same line while snippets come and go."""


def render(
    document: Document, position: Position, context: Context, profile: ModelProfile, *, single_line: bool
) -> Prompt:
    """The prompt for `position` within the profile's window: what changes least stands first."""
    language = language_of_id(document.language_id)
    parts = tuple(
        PromptPart(
            snippet.source,
            f"{comment_line(language, snippet.path)}\n{snippet.text.rstrip()}\n",
            snippet.path,
        )
        for snippet in context.snippets
    )
    shown_bytes = sum(len(part.text.encode("utf-8", "surrogatepass")) for part in parts)
    reserved_tokens = -(-shown_bytes // (STEP_TOKENS * BYTES_PER_TOKEN)) * STEP_TOKENS
    room_bytes = max(0, profile.window_tokens - profile.max_tokens - reserved_tokens) * BYTES_PER_TOKEN
    prefix_bytes = profile.prefix_tokens * BYTES_PER_TOKEN or room_bytes
    suffix_bytes = profile.suffix_tokens * BYTES_PER_TOKEN or room_bytes
    return Prompt(
        prefix=_prefix(document, position, min(prefix_bytes, int(room_bytes * PREFIX_SHARE))),
        suffix=_suffix(document, position, min(suffix_bytes, int(room_bytes * SUFFIX_SHARE))),
        context=parts,
        max_tokens=profile.max_tokens,
        stop=profile.stop,
        single_line=single_line,
        path=document.path.name if document.path else "",
        language=document.language_id,
    )


def _prefix(document: Document, position: Position, room_bytes: int) -> str:
    """Whole lines before the cursor from a block edge on, as many blocks as fit; the cursor's line always."""
    kept: list[str] = [document.before(position)]
    used_bytes = len(kept[0].encode("utf-8", "surrogatepass"))
    end = position.line
    while end > 0:
        start = (end - 1) // BLOCK_LINES * BLOCK_LINES
        block = "".join(document.lines[start:end])
        used_bytes += len(block.encode("utf-8", "surrogatepass"))
        if used_bytes > room_bytes:
            break
        kept.append(block)
        end = start
    return "".join(reversed(kept))


def _suffix(document: Document, position: Position, room_bytes: int) -> str:
    """The rest of the cursor's line and whole lines after it, as many as fit."""
    kept = [document.lines[position.line][position.column :]]
    used_bytes = len(kept[0].encode("utf-8", "surrogatepass"))
    for line in document.lines[position.line + 1 :]:
        used_bytes += len(line.encode("utf-8", "surrogatepass"))
        if used_bytes > room_bytes:
            break
        kept.append(line)
    return "".join(kept)
