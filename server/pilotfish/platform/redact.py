"""Secret-looking strings taken out of a text before it leaves the machine.

Three ways to be found, each on its own: the shape that a service gave its secrets (`secret_shapes.py`), the
body of a private key, and a random-looking value that is given a telling name (`api_key = "…"`). Why these
and no library: docs/decisions/0004-secrets.md, with what was measured.

Lines stay as they are, and the placeholder says nothing of what it stands for, not even its length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import log2
from typing import TypeAlias

from pilotfish.platform.secret_shapes import SHAPES
from pilotfish.platform.secrets import PLACEHOLDER

Span: TypeAlias = tuple[int, int]

_MIN_ENTROPY_BITS = 3.0
"""Per character. Eight different characters have 3.0; words and placeholders like `xxxx-1234` have less."""

_NAME_MARKS = ("passw", "pwd", "passphrase", "secret", "token", "key", "credential")
_NAME = r"""(?:passw(?:or)?d|pwd|passphrase|secret|token(?!i[sz])|credential
    |(?:api|access|account|auth|client|db|encryption|master|private|service|shared|signing|storage|user)[_.-]?key)
    [\w.-]{0,30}"""
_QUOTED = re.compile(  # name = "value", "name": "value", name: str = "value", f("name", "value")
    _NAME
    + r"""["'`\]]{0,2} \s{0,4} (?: :\s?[\w.\[\]|]{1,30}\s?= | :=|=>|={1,2}|[:,(] ) \s{0,8}
    [rbuf@$]{0,2} (?P<quote>["'`]) (?P<value>(?!\[)[^\s"'`<>{}$]{6,300}) (?:(?P=quote)|$|(?=<))""",
    re.VERBOSE | re.IGNORECASE,
)
_IDENTIFIER = r"(?-i:[a-z_]+[0-9]{0,2}(?:[./-][a-z_]+[0-9]{0,2})*)"
_BARE = re.compile(  # NAME=value, name: value; alone on its line, as in shell, .ini and YAML; no identifier
    rf"""\W{{0,40}} (?:export\s|set\s|env\s|arg\s)? [\w.-]{{0,60}}? {_NAME} \s{{0,8}} [=:] \s{{0,8}}
    (?P<value>(?!{_IDENTIFIER}\s*$) [^\s"'`<>{{}}$,;()\[\]\#]{{8,300}}) \s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_SECRET = re.compile(  # placeholders; paths, resource names and addresses
    r"example|change.?me|placeholder|redacted|dummy|your[_-]|x{4}|\*{3}|\.{3}|^\.{1,2}/|^arn:|://",
    re.IGNORECASE,
)

_KEY_MARK = "PRIVATE KEY"
_KEY_BEGIN = re.compile(rf"-----BEGIN [A-Z0-9 ]{{0,30}}{_KEY_MARK}[A-Z ]{{0,10}}-----")
_KEY_END = "-----END"
_KEY_BODY = re.compile(r"(?:(?<=\\n)|(?<![\\A-Za-z0-9+/]))[A-Za-z0-9+/]{4,}={0,2}")
_KEY_LINE = re.compile(r"(?:(?<=\\n)|(?<![\\A-Za-z0-9+/]))[A-Za-z0-9+/]{40,}={0,2}")


def redact(text: str) -> tuple[str, int]:
    """The text with each secret replaced by `PLACEHOLDER`, and how many there were."""
    redacted, _, count = redact_around(text, "")
    return redacted, count


def redact_around(before: str, after: str) -> tuple[str, str, int]:
    """The same for the text on both sides of a cursor, which may stand in the middle of a secret."""
    whole, cursor = before + after, len(before)
    left: list[str] = []
    right: list[str] = []
    end = 0
    spans = secrets_in(whole)
    for start, stop in [*spans, (len(whole), len(whole))]:
        left.append(whole[end : min(start, cursor)])
        right.append(whole[max(end, cursor) : start])
        if start < stop:
            (left if start < cursor else right).append(PLACEHOLDER)
        end = stop
    return "".join(left), "".join(right), len(spans)


def secrets_in(text: str) -> list[Span]:
    """Where secrets stand in a text, in order; none goes over the end of a line."""
    return _merged(_find(text))


def _find(text: str) -> Iterator[Span]:
    """Where secrets stand; spans may overlap, none goes over the end of a line."""
    for shape in SHAPES:
        if any(mark in text for mark in shape.marks):
            for match in re.finditer(shape.pattern, text):
                yield match.span("secret" if "secret" in match.re.groupindex else 0)
    if _KEY_MARK in text:
        yield from _private_keys(text)
    yield from _named(text)


def _private_keys(text: str) -> Iterator[Span]:
    """Bodies between their markers; where a marker was cut off, every long line of base64."""
    begin = _KEY_BEGIN.search(text)
    while begin and (end := text.find(_KEY_END, begin.end())) >= 0:
        yield from (match.span() for match in _KEY_BODY.finditer(text, begin.end(), end))
        begin = _KEY_BEGIN.search(text, end)
    yield from (match.span() for match in _KEY_LINE.finditer(text) if _is_random(match.group()))


def _named(text: str) -> Iterator[Span]:
    """Line by line, since few lines hold a telling name at all and the expressions are slow on all others."""
    start = 0
    for line in text.split("\n"):
        folded = line.lower()
        if any(mark in folded for mark in _NAME_MARKS):
            bare = _BARE.match(line)
            for match in (*_QUOTED.finditer(line), *([bare] if bare else [])):
                if _is_random(match["value"]):
                    yield start + match.start("value"), start + match.end("value")
        start += len(line) + 1


def _is_random(value: str) -> bool:
    """Whether a value looks drawn rather than written: letters and digits mixed, and many different ones."""
    if not (any(c.isdigit() for c in value) and any(c.isalpha() for c in value)):
        return False
    counts = Counter(value).values()
    entropy_bits = -sum(count / len(value) * log2(count / len(value)) for count in counts)
    return entropy_bits >= min(_MIN_ENTROPY_BITS, log2(len(value)) - 0.3) and not _NOT_SECRET.search(value)


def _merged(spans: Iterator[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
