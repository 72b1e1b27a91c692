"""What languages bring along, by name: for imports that nothing in the code base shows how to write."""

from __future__ import annotations

import importlib
import re
import sys
import sysconfig
from functools import cache
from importlib import resources
from pathlib import Path

USUAL_ALIASES = {
    "np": ("numpy", ""),
    "pd": ("pandas", ""),
    "tf": ("tensorflow", ""),
    "jnp": ("jax.numpy", ""),
    "sns": ("seaborn", ""),
    "plt": ("matplotlib.pyplot", ""),
    "nn": ("torch", "nn"),
    "F": ("torch.nn", "functional"),
}
"""Names that Python code gives to modules everywhere: the module, and what is taken from it."""

_TOP_LEVEL = re.compile(r"^(?:async def|def|class)\s+(\w+)|^(\w+)(?:\s*:[^=\n]+)?\s*=(?!=)", re.MULTILINE)
_ASKED = frozenset(
    ("math", "cmath", "array", "select", "datetime", "decimal", "signal", "socket", "ssl", "errno", "ctypes")
)
"""Modules written in C, in truth: their text does not tell their names."""
_HAS_INTERFACES = frozenset({"go", "java", "rust"})


@cache
def python_names() -> dict[str, tuple[str, ...]]:
    """Every name that the standard library's usual modules define → these modules, the likelier first.

    Read lazily, as text: nothing of a source file is run.
    """
    found: dict[str, list[str]] = {}
    for module in words("python"):
        for name in module_names(module):
            found.setdefault(name, []).append(module)
    return {name: tuple(modules) for name, modules in found.items()}


def is_module(name: str) -> bool:
    """Whether Python's standard library has a module of this name at its top."""
    return name in sys.stdlib_module_names and not name.startswith("_")


@cache
def module_names(module: str) -> frozenset[str]:
    """The public names of a module of Python's standard library; of one written in C by asking it."""
    if module in sys.builtin_module_names or module in _ASKED:
        return frozenset(name for name in dir(importlib.import_module(module)) if name[0] != "_")
    text = module_text(module)
    listed = re.search(r"^__all__ = [\[(](.*?)[\])]", text, re.MULTILINE | re.DOTALL)
    names = {one or other for one, other in _TOP_LEVEL.findall(text)}
    names.update(re.findall(r"[\"'](\w+)[\"']", listed[1]) if listed else ())
    for taken in re.findall(r"^from _\w+ import (?:\(([\w,\s]+)\)|([\w, ]+))", text, re.MULTILINE):
        names.update(re.findall(r"\w+", "".join(taken)))
    return frozenset(name for name in names if name.isidentifier() and name[0] != "_")


def module_text(module: str) -> str:
    """The source of a module of Python's standard library; empty for any other, and for one written in C."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return ""
    if module == "collections.abc":
        module = "_collections_abc"
    try:
        return module_file(module).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def module_file(module: str) -> Path:
    """Where a module of Python's standard library is, or would be."""
    path = Path(sysconfig.get_path("stdlib"), *module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def interfaces(language: str) -> tuple[tuple[str, str], ...]:
    """The usual interfaces that a language brings along: each of its modules with their source."""
    pieces = _text(f"{language}_interfaces").split("// in ")[1:] if language in _HAS_INTERFACES else ()
    return tuple(
        (module.strip(), source) for module, _, source in (piece.partition("\n") for piece in pieces)
    )


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a list in the folder `library`."""
    return tuple(word for line in _text(name).splitlines() if line[:1] != "#" for word in line.split())


def _text(name: str) -> str:
    return resources.files("pilotfish.actions").joinpath("library", f"{name}.txt").read_text(encoding="utf-8")


@cache
def owners(name: str) -> dict[str, str]:
    """Of a list with lines like `a.b: C D`: the module of each name."""
    found: dict[str, str] = {}
    owner = ""
    for word in words(name):
        if word.endswith(":"):
            owner = word.removesuffix(":")
        else:
            found[word] = owner
    return found
