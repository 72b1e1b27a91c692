"""What a file of the workspace is called in an import, seen from another file, in each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import TYPE_CHECKING

from pilotfish.actions.spot import Spot

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

_SOURCE_FOLDERS = frozenset({"src", "lib", "python"})
_JAVA_ROOT = re.compile(r"^(?:.*/)?(?:src/\w+/java|java|src)/(.*)$")
_PYTHON_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile")
MAX_PACKAGES = 4
MAX_PROJECT_CHARS = 50_000
_WORD = re.compile(r"[A-Za-z][\w-]+")
_SCRIPT_ENDING = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
_GO_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)


class Modules:
    """Names of modules as one file writes them."""

    def __init__(self, spot: Spot, lookup: Lookup) -> None:
        self._spot = spot
        self._lookup = lookup
        self._root = spot.root
        self.path = spot.shown_path
        self._folder = PurePosixPath(self.path).parent

    def of_file(self, path: str) -> str | None:
        """The module of a file of the workspace, given by its relative path, as it is written here."""
        language = self._spot.language.id
        if language == "python":
            return self._python(path)
        if language == "go":
            folder = str(PurePosixPath(path).parent)
            if folder == str(self._folder) or not self._go_module:
                return None
            return self._go_module if folder == "." else f"{self._go_module}/{folder}"
        if language == "java":
            return self._java_package(path)
        if language == "rust":
            return _rust_module(path)
        return self._script(path)

    def reexported(self, name: str, path: str) -> list[tuple[str, bool]]:
        """The packages around a Python file that import the name from below, the innermost first.

        With each, whether this file lies outside of it: then people take the name from there.
        """
        found: list[tuple[str, bool]] = []
        if self._root is None:
            return found
        for folder in list(PurePosixPath(path).parents)[:MAX_PACKAGES]:
            init = (folder / "__init__.py").as_posix()
            module = self.of_file(init) if init != path else None
            taken = self._lookup.imports_of(self._root / init) if module else ()
            stem = PurePosixPath(path).stem
            if module and any(
                each.name == name or (each.name == "*" and stem in each.module) for each in taken
            ):
                found.append((module, not self._folder.is_relative_to(folder)))
        return found

    def seen_from_here(self, module: str, importer: str) -> str | None:
        """A module that another file imports, as it is written here; None where that cannot be told."""
        language = self._spot.language.id
        if language == "python" and module.startswith("."):
            return self._python_from(module, importer)
        if language == "rust":
            return module if not module.startswith(("self", "super")) else None
        if module.startswith(".") and language not in ("python", "go", "java"):
            target = normpath((PurePosixPath(importer).parent / module).as_posix())
            return self._script(target)
        return module

    def is_own(self, module: str) -> bool:
        """Whether a module is this very file."""
        return module == self.of_file(self.path)

    def is_in_use(self, module: str) -> bool:
        """Whether this file imports from the module already."""
        return any(each.module == module for each in self._spot.outline.imports)

    def surrounds(self, module: str) -> bool:
        """Whether a Python module is a package that this file lies in: it may not be loaded yet."""
        if not module.strip("."):
            return True
        parts, own = module.split("."), self._parts(self.path)
        is_init = self.path.endswith("/__init__.py")
        return own[: len(parts)] == parts and (len(parts) < len(own) or is_init)

    def nearness(self, path: str) -> float:
        """From 0 to 1: the share of this file's folders that the other one lies in as well."""
        own, other = self._folder.parts, PurePosixPath(path).parent.parts
        shared = next((i for i, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), None)
        if shared is None:
            shared = min(len(own), len(other))
        return (shared + 1) / (len(own) + 1)

    # --- Python ---------------------------------------------------------------------------------------

    def _python(self, path: str) -> str | None:
        """Dotted; relative where this file's own imports are."""
        parts = self._parts(path)
        own = self._parts(self.path)
        if not parts or parts == own or not all(map(str.isidentifier, parts)):
            return None
        if parts[:-1] == own[:-1] and self._is_script:
            return parts[-1]  # Scripts in one folder know each other by their bare names.
        package = own if self.path.endswith("/__init__.py") else own[:-1]
        if self._is_relative and package and parts[:1] == package[:1]:
            shared = 0
            while shared < min(len(package), len(parts)) and package[shared] == parts[shared]:
                shared += 1
            return "." * (len(package) - shared + 1) + ".".join(parts[shared:])
        return ".".join(parts)

    def _python_from(self, module: str, importer: str) -> str | None:
        dots = len(module) - len(module.lstrip("."))
        parts = self._parts(importer)
        package = parts if importer.endswith("/__init__.py") else parts[:-1]
        if dots - 1 > len(package):
            return None
        base = package[: len(package) - dots + 1]
        rest = [part for part in module[dots:].split(".") if part]
        return self._python("/".join((*base, *rest)) + ".py") if (*base, *rest) else None

    def _parts(self, path: str) -> list[str]:
        """The names of a module from its top package on; a folder of sources above that is none."""
        parts = list(PurePosixPath(path).with_suffix("").parts)
        if len(parts) > 1 and parts[0] in _SOURCE_FOLDERS:
            del parts[0]
        elif self._root is not None and not (self._root / parts[0] / "__init__.py").exists():
            for depth in range(2, len(parts)):
                if (self._root.joinpath(*parts[:depth]) / "__init__.py").exists():
                    del parts[: depth - 1]
                    break
        if parts and parts[-1] == "__init__":
            parts.pop()
        return parts

    @cached_property
    def _is_script(self) -> bool:
        """Whether this file lies in no package, and does not speak of its folder as one."""
        if self._root is None or (self._root / self._folder / "__init__.py").exists():
            return False
        top = self._parts(self.path)[:1]
        return not any(each.module.split(".")[:1] == top for each in self._spot.outline.imports)

    @cached_property
    def _is_relative(self) -> bool:
        """Whether this file imports its neighbours relatively; without any, whether its folder's files do."""
        own = [each.module for each in self._spot.outline.imports]
        if any(module.startswith(".") for module in own):
            return True
        top = self._parts(self.path)[:1]
        if any(module.split(".")[:1] == top for module in own):
            return False
        return self._most_are_relative(self._neighbours, top)

    @cached_property
    def _neighbours(self) -> Sequence[Path]:
        folder = self._spot.document.path.parent if self._spot.document.path else None
        return self._lookup.files(folder=folder, limit=8) if folder else []

    def _most_are_relative(self, files: Sequence[Path], top: Sequence[str]) -> bool:
        relative = absolute = 0
        for file in files:
            for found in self._lookup.imports_of(file):
                relative += found.module.startswith(".")
                absolute += found.module.split(".")[:1] == list(top)
        return relative > absolute

    def is_dependency(self, name: str) -> bool:
        """Whether the project's own files name a package so as one that it needs."""
        return name.lower().replace("_", "-") in self._dependencies

    @cached_property
    def _dependencies(self) -> frozenset[str]:
        """Words of the files in which Python projects name what they need."""
        if self._root is None:
            return frozenset()
        words: set[str] = set()
        files: list[Path] = [
            *map(self._root.joinpath, _PYTHON_PROJECT),
            *self._root.glob("*requirements*.txt"),
        ]
        for file in files:
            try:
                text = file.read_text(encoding="utf-8")[:MAX_PROJECT_CHARS]
            except (OSError, UnicodeDecodeError):
                continue
            words.update(word.lower().replace("_", "-") for word in _WORD.findall(text))
        return frozenset(words)

    # --- others ---------------------------------------------------------------------------------------

    def _script(self, path: str) -> str | None:
        """Relative, with an ending where this file writes endings."""
        bare = _SCRIPT_ENDING.sub("", path)
        if bare == _SCRIPT_ENDING.sub("", self.path):
            return None
        said = [each.module for each in self._spot.outline.imports if each.module.startswith(".")]
        ending = next((match[0] for module in said if (match := re.search(r"\.[cm]?jsx?$", module))), "")
        if not ending:
            bare = bare.removesuffix("/index")
        module = relpath(bare, str(self._folder))
        return (module if module.startswith(".") else f"./{module}") + ending

    @cached_property
    def _go_module(self) -> str:
        if self._root is None:
            return ""
        try:
            match = _GO_MODULE.search((self._root / "go.mod").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return ""
        return match[1] if match else ""

    def _java_package(self, path: str) -> str | None:
        match = _JAVA_ROOT.match(path)
        own = _JAVA_ROOT.match(self.path)
        folder = PurePosixPath(match[1] if match else path).parent
        own_folder = PurePosixPath(own[1] if own else self.path).parent
        return None if folder == own_folder else ".".join(folder.parts) or None


def _rust_module(path: str) -> str | None:
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if "src" not in parts:
        return None
    parts = parts[len(parts) - parts[::-1].index("src") :]
    if parts and parts[-1] in ("mod", "lib", "main"):
        parts.pop()
    return "::".join(("crate", *parts))
