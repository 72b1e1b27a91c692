r"""Text of any language as tokens, line by line, and back again to the very same text.

There is no grammar and no state crosses a line, so an edit re-lexes only the lines it touches. A token is:

- a word, a number, an operator or one other sign, *with the one space before it* where there is one, so that
  the user's own spacing is predicted along with everything else;
- a longer run of blanks, or blanks that nothing follows on the text given;
- a *break*: the end of a line, the blank lines after it (up to two are told apart) and how the indentation
  changes, all in one token. `"\n"` keeps the indentation, `"\n>    "` adds four spaces, `"\n\n<\t"` is a
  blank line and then one tab less, `"\n=  "` replaces it. Lexed text starts with one `FILE` break.

Left out: blanks before the first word and at the end of a line, blank lines after the second, and what stands
beyond column `MAX_LINE_CHARS`: a line that long was not written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

from pilotfish.platform.long_lines import has_long_line

MAX_LINE_CHARS = 1000
"""A line counts up to this column; one more character would cost time and teach nothing."""

FILE = "\n^"
"""The break before the first line of a file."""

BREAK_BIT, WORD_BIT, SPACE_BIT = 1 << 63, 1 << 62, 1
"""In an identity: it is a break; it starts with a letter, digit or underscore; one space stands before it."""

_HASH_BITS = ~(BREAK_BIT | WORD_BIT | SPACE_BIT) & (1 << 64) - 1
_BLANK_LINES_KEPT = 2
# Each sign with what may follow it; the usual ones first.
_SIGNS = (
    r'[()\[\]{};,]|\.(?:\.\.)?|=(?:==?|>)?|"(?:"")?|\'(?:\'\')?|:[=:]?|\*[=*]?|-[>=\-]?|/[=/>]?|<[=</]?|>[=>]?'
    r"|&[=&]?|\+[=+]?|!(?:==?)?|\|[=|]?|\?[?.]?|[%^@]=?"
)
_TOKEN = re.compile(rf" ?+(?:[^\W\d]\w*+|{_SIGNS}|\d\w*+(?:\.\d\w*+)?|[^\w\s])|\s++")
_BLANKS = r" \t-\r\x1c-\x1f"
# The same for ASCII, in a quarter less time.
_ASCII_TOKEN = re.compile(
    rf" ?+(?:[A-Za-z_]\w*+|{_SIGNS}|[0-9]\w*+(?:\.[0-9]\w*+)?|[^\w{_BLANKS}])|[{_BLANKS}]++", re.ASCII
)


def split_line(line: str) -> tuple[str, list[str]]:
    """A line without its end → its indentation and its tokens; a blank line has none."""
    if len(line) > MAX_LINE_CHARS:
        line = line[:MAX_LINE_CHARS]
    body = line.strip()
    if not body:
        return "", []
    return line[: line.index(body[0])], (_ASCII_TOKEN if body.isascii() else _TOKEN).findall(body)


def split_open_line(before: str) -> tuple[str, list[str], str]:
    """A line up to the cursor → indentation, finished tokens, and the start of the token at the cursor.

    A word or a blank right before the cursor may go on, so it is not finished; a sign is. Of a very long line
    only the part nearest the cursor counts.
    """
    nearest = before[-MAX_LINE_CHARS:]
    body = nearest.lstrip()
    indent = nearest[: len(nearest) - len(body)] if len(before) <= MAX_LINE_CHARS else ""
    tokens = _TOKEN.findall(body)
    if tokens and (tokens[-1].isspace() or tokens[-1][-1].isalnum() or tokens[-1][-1] == "_"):
        return indent, tokens[:-1], tokens[-1]
    return indent, tokens, ""


def split_rest(after: str) -> list[str]:
    """The tokens of a line from the cursor on; the first has its space where one stands after the cursor."""
    return _TOKEN.findall(after[:MAX_LINE_CHARS].rstrip())


def line_break(indent_before: str, indent: str, blank_lines: int = 0) -> str:
    """The break between two lines that are not blank."""
    lead = "\n" * (1 + min(blank_lines, _BLANK_LINES_KEPT))
    if indent == indent_before:
        return lead
    if indent.startswith(indent_before):
        return f"{lead}>{indent[len(indent_before) :]}"
    if indent_before.startswith(indent):
        return f"{lead}<{indent_before[len(indent) :]}"
    return f"{lead}={indent}"


def lex(text: str) -> list[str]:
    """All tokens of a text, `FILE` first."""
    tokens = pieces_of(text)
    before, tokens[0] = tokens[0], FILE
    for place, piece in enumerate(tokens):
        if "\n" in piece and place:
            tokens[place] = break_between(before, piece)
            before = piece
    return tokens


def pieces_of(text: str) -> list[str]:
    """A text in pieces that need not know of one another: tokens, but what stands between lines as it is.

    The first piece stands before the first line. `break_between` makes tokens of two that follow each other.
    """
    return pieces_of_counted(counted(text))


def pieces_of_counted(text: str) -> list[str]:
    """The pieces of what `counted` gives, or of a part of it that begins and ends where one does."""
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


def counted(text: str) -> str:
    """What of a text counts: a line feed, and its lines as far as they do, with nothing blank at the end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if has_long_line(text, "\n", MAX_LINE_CHARS):
        text = "\n".join(line[:MAX_LINE_CHARS] for line in text.split("\n"))
    return f"\n{text.rstrip()}"


def is_between_lines(piece: str) -> bool:
    """Whether one of the `pieces_of` a text stands between two lines: blanks with the end of a line."""
    return "\n" in piece


def break_between(before: str, piece: str) -> str:
    """The break that stands for a piece between lines, after what stands before the last line."""
    if piece == before:
        return line_break("", "", piece.count("\n") - 1)
    indent_before, indent = (between[between.rindex("\n") + 1 :] for between in (before, piece))
    return line_break(indent_before, indent, piece.count("\n") - 1)


def spell(tokens: Iterable[str], indent: str = "") -> str:
    r"""The text that tokens stand for, lines joined by `\n`; `indent` is that of the line they start on."""
    pieces: list[str] = []
    for token in tokens:
        if token == FILE:
            continue
        if token[0] == "\n":
            change = token.lstrip("\n")
            indent = indent_after(indent, change)
            pieces.append(token[: len(token) - len(change)] + indent)
        else:
            pieces.append(token)
    return "".join(pieces)


def indent_after(indent: str, change: str) -> str:
    """The indentation once a break's `change` (its text after the line ends) is applied to it."""
    match change[:1]:
        case ">":
            return indent + change[1:]
        case "<":
            return indent[: max(0, len(indent) - len(change) + 1)]
        case "=":
            return change[1:]
        case _:
            return indent


def token_id(token: str) -> int:
    """The token's identity everywhere: a hash of 61 bits and the three bits above.

    The hash is that of the token without its space: the two spellings of a word differ in `SPACE_BIT` alone.
    """
    has_space = token[0] == " " and len(token) > 1
    bare = token[1:] if has_space else token
    number = int.from_bytes(blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    number &= _HASH_BITS
    if bare[0] == "\n":
        number |= BREAK_BIT
    elif bare[0].isalnum() or bare[0] == "_":
        number |= WORD_BIT
    return number | SPACE_BIT if has_space else number
