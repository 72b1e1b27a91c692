"""Type parameters and what is written for them, as text: `Repo<T>` and `Repo<User>`, `Store[K]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence


def taken_apart(written: str) -> tuple[str, list[str]]:
    """A name as it is written, and what stands in its brackets."""
    name, bracket, _ = written.partition("<" if "<" in written.partition("[")[0] else "[")
    inside = written.strip()[len(name) + 1 : -1] if bracket else ""
    return name.partition("(")[0].strip(), [each for each in _split(inside) if not each.startswith("'")]


def in_full(bases: Iterable[str], signature: str) -> tuple[str, ...]:
    """The names of bases with what stands in brackets behind each in the head of the class."""
    return tuple(base if {"<", "["} & {*base} else f"{base}{_in_brackets(base, signature)}" for base in bases)


def parameters_of(name: str, signature: str) -> dict[str, str]:
    """The type parameters of a class in order, each with its default or nothing."""
    said = next(filter(None, (_in_brackets(each, signature) for each in (name, "Generic", "Protocol"))), "")
    found = {}
    for part in _split(said[1:-1]):
        known_as, _, default = part.partition("=")
        if not part.startswith("'"):
            found[re.split(r"[\s:]", known_as, maxsplit=1)[0]] = default.strip()
    return found


def filling(parameters: Mapping[str, str], arguments: Sequence[str]) -> Callable[[str], str]:
    """Puts arguments, or defaults, for the parameters in a text; a parameter without either stays."""
    given = {name: default for name, default in parameters.items() if default}
    given |= dict(zip(parameters, arguments, strict=False))
    if not given:
        return str
    names = re.compile(rf"(?<![\w.'])(?:{'|'.join(map(re.escape, given))})\b")
    return lambda text: names.sub(lambda match: given[match[0]], text)


def _in_brackets(name: str, signature: str) -> str:
    """The brackets right behind a name, with all that is in them; empty without any."""
    match = re.search(rf"\b{re.escape(name)}\s*(?=[<\[])", signature)
    depth, start = 0, match.end() if match else len(signature)
    for place in range(start, len(signature)):
        depth += (signature[place] in "<[") - (signature[place] in ">]")
        if depth == 0:
            return signature[start : place + 1]
    return ""


def _split(text: str) -> list[str]:
    """At the commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        is_arrow = sign == ">" and text[place - 1 : place] in ("-", "=")
        depth += (sign in "<[({") - (sign in ">])}" and not is_arrow)
        if sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]
