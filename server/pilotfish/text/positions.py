"""Columns as editors count them (utf-8, utf-16 or utf-32 units) and as pilotfish does (code points)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Encoding(StrEnum):
    """The unit in which a client counts columns; the values are the protocol's."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Place(NamedTuple):
    """A position as the client counts it: `units` in its negotiated encoding, both numbers from 0."""

    line: int
    units: int


_CODEC = {Encoding.UTF8: "utf-8", Encoding.UTF16: "utf-16-le", Encoding.UTF32: "utf-32-le"}
_UNIT_BYTES = {Encoding.UTF8: 1, Encoding.UTF16: 2, Encoding.UTF32: 4}


def column_of(line: str, units: int, encoding: Encoding) -> int:
    """The code points of `line` that lie wholly within its first `units`; past the end, its length."""
    if encoding is Encoding.UTF32 or line.isascii():
        return min(max(units, 0), len(line))
    units = max(units, 0)
    data = line[:units].encode(_CODEC[encoding], "surrogatepass")[: units * _UNIT_BYTES[encoding]]
    return len(data.decode(_CODEC[encoding], "ignore"))


def units_of(line: str, column: int, encoding: Encoding) -> int:
    """The units that the first `column` code points of `line` take."""
    head = line[: max(column, 0)]
    if encoding is Encoding.UTF32 or head.isascii():
        return len(head)
    return len(head.encode(_CODEC[encoding], "surrogatepass")) // _UNIT_BYTES[encoding]


def cut(line: str, units: int, encoding: Encoding) -> tuple[str, str]:
    """Both parts of `line` at a column in units.

    A utf-16 column may fall between the halves of a pair: then each part keeps its half, since an edit may
    bring the other one (😀 becomes 😁 by its second half alone); `mend` the text that comes of it. A utf-8
    column inside a character is taken as the character's start.
    """
    units = max(units, 0)
    if encoding is Encoding.UTF32 or line.isascii():
        return line[:units], line[units:]
    if encoding is Encoding.UTF8:
        head = line[:units].encode("utf-8", "surrogatepass")[:units].decode("utf-8", "ignore")
        return head, line[len(head) :]
    data, end = line.encode("utf-16-le", "surrogatepass"), units * 2
    return data[:end].decode("utf-16-le", "surrogatepass"), data[end:].decode("utf-16-le", "surrogatepass")


def mend(text: str) -> str:
    """`text` with surrogate halves that stand together joined, and each lone one as U+FFFD.

    A lone half can be neither encoded nor hashed as UTF-8; U+FFFD takes as many units as it in every
    encoding, so that columns stay in step with the client's.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
