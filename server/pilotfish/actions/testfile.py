"""Where a file's tests live in this project, and in which framework: by the index, else by custom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.platform.secrets import is_secret_path
from pilotfish.syntax.languages import Language, language_of_path
from pilotfish.text.document import Document
from pilotfish.text.lines import split_lines

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

LOOKUP_S = 0.25
NEW = -1
"""The version of a document that is no file yet, or that the editor has not open."""


@dataclass(frozen=True, slots=True)
class Custom:
    """How a language names the tests of a file, the first is for a new one; `{}` is the file's own name.

    Attributes:
        names: file names.
        folder: where a new one goes where the project has no tests yet, from the workspace's root; empty:
            beside the file.
        swap: a part of the path that is another one for tests.
        frameworks: names of modules that tell the framework, each with its word; the first is usual.
        is_inside: whether tests stand in the very file that they test.
    """

    names: tuple[str, ...] = ()
    folder: str = ""
    swap: tuple[str, str] = ("", "")
    frameworks: tuple[tuple[str, str], ...] = ()
    is_inside: bool = False


_SCRIPT_FRAMEWORKS = (
    ("node:test", "node:test"),
    ("vitest", "vitest"),
    ("@jest/globals", "jest"),
    ("mocha", "mocha"),
)
CUSTOMS: dict[str, Custom] = {
    "python": Custom(
        ("test_{}.py", "{}_test.py", "tests_{}.py", "test{}.py"),
        "tests",
        frameworks=(("pytest", "pytest"), ("unittest", "unittest")),
    ),
    "javascript": Custom(("{}.test.js", "{}.spec.js", "{}.test.mjs"), frameworks=_SCRIPT_FRAMEWORKS),
    "javascriptreact": Custom(("{}.test.jsx", "{}.spec.jsx"), frameworks=_SCRIPT_FRAMEWORKS),
    "typescript": Custom(("{}.test.ts", "{}.spec.ts"), frameworks=_SCRIPT_FRAMEWORKS),
    "typescriptreact": Custom(("{}.test.tsx", "{}.spec.tsx"), frameworks=_SCRIPT_FRAMEWORKS),
    "go": Custom(("{}_test.go",)),
    "java": Custom(
        ("{}Test.java", "{}Tests.java", "Test{}.java"),
        swap=("/main/", "/test/"),
        frameworks=(("org.junit.jupiter.api", "junit 5"), ("org.junit", "junit 4")),
    ),
    "rust": Custom(is_inside=True),
}
_TEST_FOLDER = re.compile(r"_*(?:tests?|specs?)_*", re.IGNORECASE)
"""The name of a folder for the tests of the files beside it."""
_RUST_TEST_FOLDERS = frozenset({"tests", "benches", "examples"})


@dataclass(frozen=True, slots=True)
class TestFile:
    """The file that a file's tests go into.

    Attributes:
        document: as it is, open or not; empty where it is new.
        shown_path: relative to the workspace.
        framework: its word; empty where there is no choice.
    """

    __test__ = False
    document: Document
    shown_path: str
    framework: str


def is_test_file(path: Path) -> bool:
    """Whether a file holds tests, by its name."""
    custom = CUSTOMS.get(language_of_path(path).id)
    if custom is not None and custom.is_inside:
        return not _RUST_TEST_FOLDERS.isdisjoint(path.parent.parts)
    return custom is not None and any(_stem(path, pattern) for pattern in custom.names)


def find_test_file(spot: Spot, tools: Tools) -> TestFile:
    """The test file of the place's document; blocks for some milliseconds.

    Raises:
        ActionStopped: there can be none.
    """
    path, root = spot.document.path, spot.root
    custom = CUSTOMS.get(spot.language.id)
    if path is None or root is None or custom is None or not path.is_relative_to(root):
        raise ActionStopped(
            "Tests are written for files of a workspace, in languages with a custom for them."
        )
    if is_test_file(path):
        raise ActionStopped("This is a file of tests itself.")
    if custom.is_inside:
        return TestFile(spot.document, spot.shown_path, "")
    lookup = tools.lookup(frozenset(), LOOKUP_S)
    found = _nearest(lookup.files([name.format(path.stem) for name in custom.names]), path)
    test_path = found or _new_path(path, root, custom, lookup)
    # A folder of tests may be a link that leads out of the workspace.
    if is_secret_path(test_path) or not test_path.resolve().is_relative_to(root.resolve()):
        raise ActionStopped(f"{test_path.name} is no file that pilotfish writes.", "secret_file")
    document = tools.open_document(test_path) or _new_document(test_path, spot.language)
    return TestFile(
        document,
        test_path.relative_to(root).as_posix(),
        _framework(custom, lookup, test_path, document, root),
    )


def _new_path(path: Path, root: Path, custom: Custom, lookup: Lookup) -> Path:
    """Where a new test file belongs: as the file's neighbours do it, else as the language does."""
    others = [file for file in lookup.files([name.format("*") for name in custom.names]) if file != path]
    pattern = _usual(others, custom)
    name = pattern.format(path.stem)
    before, after = custom.swap
    if before and before in path.as_posix():
        return Path(path.as_posix().replace(before, after, 1)).with_name(name)
    if not custom.folder:
        below = (file for file in others if file.parent.parent == path.parent)
        near = _nearest([file for file in below if _TEST_FOLDER.fullmatch(file.parent.name)], path)
        return (near.parent if near else path.parent) / name
    folders = Counter(file.parent for file in others)
    if folders:
        own_parts = set(path.relative_to(root).parent.parts)
        return (
            max(folders, key=lambda folder: (_shared(folder, own_parts), folders[folder], str(folder))) / name
        )
    return root / custom.folder / name


def _shared(folder: Path, parts: set[str]) -> int:
    return len(parts.intersection(folder.parts))


def _usual(files: Sequence[Path], custom: Custom) -> str:
    """The pattern that most files follow."""
    counts = Counter(pattern for file in files for pattern in custom.names if _stem(file, pattern))
    return max(custom.names, key=lambda pattern: counts[pattern])


def _stem(file: PurePath, pattern: str) -> str:
    before, after = pattern.split("{}")
    name = file.name
    fits = name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    return name[len(before) : len(name) - len(after)] if fits else ""


def _nearest(files: Collection[Path], path: Path) -> Path | None:
    """The file whose folders are most like the path's."""
    parts = set(path.parent.parts)
    return max(files, key=lambda f: (len(parts & set(f.parent.parts)), -len(f.parts), str(f)), default=None)


def _package_json(root: Path) -> str:
    """What a JavaScript project needs; empty for any other."""
    try:
        return (root / "package.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _framework(custom: Custom, lookup: Lookup, test_path: Path, document: Document, root: Path) -> str:
    """By what the file itself imports, or its project needs; else what most of its folder's files import."""
    if not custom.frameworks:
        return ""
    said: Counter[str] = Counter()
    text = document.text + _package_json(root)
    neighbours = lookup.files(folder=test_path.parent, limit=30)
    for module, word in custom.frameworks:
        said[word] += 100 * (
            f"import {module}" in text
            or any(f"{quote}{name}" in text for quote in "\"'" for name in (module, word))
        )
        for file in neighbours:
            said[word] += any(found.module.startswith(module) for found in lookup.imports_of(file))
    return max((word for _, word in custom.frameworks), key=lambda word: said[word])


def _new_document(path: Path, language: Language) -> Document:
    return Document(path.as_uri(), path, language.id, NEW, split_lines(""))
