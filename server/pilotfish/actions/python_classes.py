"""Classes of Python's standard library, found by reading it as text: nothing of it is run or parsed whole."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import resolve_name

from pilotfish.actions.libraries import module_file, module_text

MAX_HOPS = 4
_TAKEN = re.compile(r"^[ \t]*from (\.*[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
_IN_TYPING = "collections.abc"
"""What `typing` has under the same names."""


@cache
def class_source(module: str, name: str, hops: int = MAX_HOPS) -> tuple[str, str] | None:
    """The module that defines a class which can be had from this one, and the class's own lines.

    None where the standard library has no such class, or only in C.
    """
    text = module_text(module)
    own = re.search(rf"^class {re.escape(name)}\b.*\n(?:(?:[ \t)\]#].*)?\n)*", text, re.MULTILINE)
    if own:
        return module, own[0]
    if module == "typing":
        return class_source(_IN_TYPING, name)
    is_package = module_file(module).name == "__init__.py"
    package = module if is_package else module.rpartition(".")[0]
    for origin, names in _TAKEN.findall(text) if hops else ():
        if names.strip() == "*" or re.search(rf"\b{re.escape(name)}\b", names):
            try:
                inner = resolve_name(origin, package)
            except ImportError:
                continue
            if found := class_source(inner, name, hops - 1):
                return found
    return None
