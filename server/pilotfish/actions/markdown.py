"""A model's Markdown for the user to read, made so that no viewer fetches anything for it.

A picture's address is a message to whoever serves it, and viewers load pictures unasked: an order planted in
a repository could have the model write what it was shown into one. Where in doubt, a text is taken for a
picture: then a sign too many is seen.
"""

from __future__ import annotations

import re

_ADDRESS = r"\s*<?\s*(?:[a-z][\w+.-]*:|//|\\|&)"
_PICTURE = re.compile(rf"!(?=\[[\s\S]{{0,1000}}?\]\({_ADDRESS})", re.IGNORECASE)
_DEFINITION = re.compile(
    rf"^([\s>*+\d.)-]*)\[(?=[\s\S]{{1,300}}?\]:{_ADDRESS})", re.IGNORECASE | re.MULTILINE
)
_TAGS = "audio|base|embed|iframe|image|img|input|link|meta|object|picture|script|source|style|svg|track|video"
_TAG = re.compile(
    rf"<(?=/?(?:{_TAGS})\b|[a-z][\s\S]{{0,500}}?style[\s\S]{{0,300}}?url\s*\()",
    re.IGNORECASE,
)


def without_fetches(markdown: str) -> str:
    """The same text with pictures as links, and with tags that load something as text."""
    text = _PICTURE.sub(r"\\!", markdown)
    text = _DEFINITION.sub(r"\1\\[", text)
    return _TAG.sub("&lt;", text)
