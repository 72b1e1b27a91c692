"""A hole put to a model that only holds conversations: as the beginning of its answer, or as a marked hole.

With prefill the model goes on from the cursor's line inside a code fence, which it closes when it is done.
Without, it is asked for the missing text between tags (the way of Continue's "hole filler"). What it says
around the text is taken off by `completion/answer.py`.
"""

from __future__ import annotations

from pilotfish.models.backend import Chat, Message, Prompt

OPENING, CLOSING = "<COMPLETION>", "</COMPLETION>"
FENCE = "```"
HOLE = "<HOLE/>"
TAG_TOKENS = 16

_SYSTEM = (
    "You complete code in an editor. You are shown a file with one hole in it, marked {hole}. "
    "Say exactly the text that belongs in the hole: in the file's own style and indentation, "
    "as short as it can be, nothing that already stands around the hole, no explanation."
)
_IN_TAGS = " Put it between {opening} and {closing}, without a code fence."
_GO_ON = " Your answer has been begun: go on with it from its last character, and close the fence."


def as_chat(prompt: Prompt, *, prefill: bool) -> Chat:
    """The same question as a conversation; what changes least stands first in it."""
    hole = HOLE
    while any(hole in text for text in (prompt.prefix, prompt.suffix)):
        hole = hole.replace("HOLE", "HOLE_")
    system = _SYSTEM.format(hole=hole)
    snippets = "".join(part.text + "\n" for part in prompt.context)
    other = f"From other files:\n{FENCE}\n{snippets}{FENCE}\n\n" if snippets else ""
    file = f"The file {prompt.path}:\n{FENCE}{prompt.language}\n{prompt.prefix}{hole}{prompt.suffix}\n{FENCE}"
    question = Message("user", other + file)
    if prefill:
        line = prompt.prefix.rsplit("\n", 1)[-1]
        # Services refuse a beginning that ends in white space; the model says that again, and it is cut.
        beginning = Message("assistant", f"{FENCE}{prompt.language}\n{line}".rstrip())
        begun = (Message("system", system + _GO_ON), question, beginning)
        return Chat(begun, prompt.max_tokens, (f"\n{FENCE}",), hole)
    tags = _IN_TAGS.format(opening=OPENING, closing=CLOSING)
    asked = (Message("system", system + tags), question)
    return Chat(asked, prompt.max_tokens + TAG_TOKENS, (CLOSING,), hole)
