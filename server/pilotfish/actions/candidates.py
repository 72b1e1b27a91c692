"""How a missing name could be imported: as this code base does it, from what it defines, what is standard.

Ranked by how many files of the code base write it so, and by what the uses of the name tell: `name.member`
asks for a module or a class, `name(…)` is no module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pilotfish.actions import libraries
from pilotfish.actions.modules import Modules
from pilotfish.actions.spot import Spot
from pilotfish.syntax.bindings import Use
from pilotfish.syntax.languages import language_of_path

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

SCRIPTS = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})
DEFINED_SCORE, STANDARD_SCORE, USUAL_SCORE = 0.6, 0.5, 0.3
PUBLIC, PRIVATE = 1.2, 0.8
"""For a package that imports the name from below, seen from outside of it and from within."""
IN_USE, CIRCULAR = 2.0, 0.3
UNLIKELY = 0.05
MAX_WAYS, MAX_DEFINITIONS = 60, 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to import a name, as `syntax.imports.Import` says it, the module as it is written here."""

    module: str
    name: str
    alias: str


def candidates(name: str, uses: Sequence[Use], spot: Spot, lookup: Lookup) -> list[Candidate]:
    """The ways to import a name into the spot's file, the likeliest first; blocks for some milliseconds."""
    modules = Modules(spot, lookup)
    scores: dict[Candidate, float] = {}
    for candidate, score in (
        *_as_elsewhere(name, spot, lookup, modules),
        *_defined(name, uses, spot, lookup, modules),
        *_standard(name, uses, spot),
    ):
        if not modules.is_own(candidate.module):
            scores[candidate] = scores.get(candidate, 0.0) + score
    members = {use.member for use in uses if use.member}
    is_called = any(use.is_called for use in uses)
    ranked = {
        candidate: score
        * _plausibility(candidate, members, spot.language.id, is_called=is_called)
        * _fitness(candidate, modules, spot.language.id)
        for candidate, score in scores.items()
    }
    return sorted(ranked, key=lambda each: (-ranked[each], len(each.module), each.module, each.name))


def _as_elsewhere(
    name: str, spot: Spot, lookup: Lookup, modules: Modules
) -> Iterator[tuple[Candidate, float]]:
    """As other files import it; what is relative there is only one with a module that is there from here."""
    for found, count in lookup.who_imports(name, MAX_WAYS):
        if family(language_of_path(PurePosixPath(found.path)).id) != family(spot.language.id):
            continue
        if found.name == "*" or (found.alias in ("_", ".") and spot.language.id == "go"):
            continue
        if found.path.endswith("__init__.py") and (package := modules.of_file(found.path)):
            yield Candidate(package, name, ""), DEFINED_SCORE
            count -= 1  # noqa: PLW2901 - how a package is put together shows nobody how to use it
        module = modules.seen_from_here(found.module, found.path)
        if module is not None and count:
            yield Candidate(module, found.name, found.alias), count * (1 + modules.nearness(found.path))


def _defined(
    name: str, uses: Sequence[Use], spot: Spot, lookup: Lookup, modules: Modules
) -> Iterator[tuple[Candidate, float]]:
    """Where the workspace defines it at the top level of a file, or, in Go, what is taken from it."""
    wanted = sorted({use.member for use in uses if use.member}) if spot.language.id == "go" else [name]
    for symbol in lookup.definitions(wanted, MAX_DEFINITIONS):
        if symbol.container and family(spot.language.id) != "java":
            continue
        if family(language_of_path(PurePosixPath(symbol.path)).id) != family(spot.language.id):
            continue
        score = DEFINED_SCORE * (1 + modules.nearness(symbol.path))
        if spot.language.id == "go":
            folder = PurePosixPath(symbol.path).parent
            module = modules.of_file(symbol.path)
            if folder.name == name and module:
                yield Candidate(module, "", ""), score
        elif module := modules.of_file(symbol.path):
            yield Candidate(module, name, ""), score
            if spot.language.id == "python":
                for depth, (package, is_outside) in enumerate(modules.reexported(name, symbol.path)):
                    yield (
                        Candidate(package, name, ""),
                        score * (PUBLIC + depth / 10 if is_outside else PRIVATE),
                    )
    if spot.language.id == "python":
        yield from _submodules(name, uses, spot, lookup, modules)


def _submodules(
    name: str, uses: Sequence[Use], spot: Spot, lookup: Lookup, modules: Modules
) -> Iterator[tuple[Candidate, float]]:
    """Files and packages of this name, imported as parts of what they lie in; and what is a dependency."""
    for file in lookup.files([f"{name}.py"], limit=MAX_DEFINITIONS):
        if spot.root is None or not file.is_relative_to(spot.root):
            continue
        path = file.relative_to(spot.root).as_posix()
        module = modules.of_file(path)
        if module is not None:
            package, _, last = module.rpartition(".")
            if module.startswith(".") and not package.strip("."):
                package = module.removesuffix(last)
            score = DEFINED_SCORE * (1 + modules.nearness(path))
            yield Candidate(package or module, last if package else "", ""), score
    if any(use.member for use in uses) and modules.is_dependency(name):
        yield Candidate(name, "", ""), USUAL_SCORE


def _standard(name: str, uses: Sequence[Use], spot: Spot) -> Iterator[tuple[Candidate, float]]:
    """What comes with the language, and what everybody calls so."""
    language = family(spot.language.id)
    if language == "python":
        if libraries.is_module(name):
            yield Candidate(name, "", ""), STANDARD_SCORE
        for rank, module in enumerate(libraries.python_names().get(name, ())):
            yield Candidate(module, name, ""), STANDARD_SCORE / (1 + rank)
        if name in libraries.USUAL_ALIASES:
            module, taken = libraries.USUAL_ALIASES[name]
            yield Candidate(module, taken, "" if taken == name else name), USUAL_SCORE
    elif language == "go":
        for path in libraries.words("go"):
            if path.rpartition("/")[2] == name:
                yield Candidate(path, "", ""), STANDARD_SCORE
    elif language in ("java", "rust") and (owner := libraries.owners(language).get(name)):
        yield Candidate(owner, name, ""), STANDARD_SCORE
    elif language == "script" and name in libraries.words("node") and any(use.member for use in uses):
        yield Candidate(name, "", name), USUAL_SCORE


def _fitness(candidate: Candidate, modules: Modules, language: str) -> float:
    """A factor for how well the module goes with this very file."""
    if candidate.name and modules.is_in_use(candidate.module):
        return IN_USE
    is_circular = language == "python" and modules.surrounds(candidate.module)
    return CIRCULAR if is_circular and candidate.module.strip(".") else 1.0


def _plausibility(candidate: Candidate, members: set[str], language: str, *, is_called: bool) -> float:
    """A factor for what the uses of the name say: whether it is a module, and whether that one has them."""
    if language != "python":
        return 1.0
    if not candidate.name:
        if is_called:
            return UNLIKELY
        known = libraries.module_names(candidate.module)
        return UNLIKELY if known and not members <= known | {"__name__", "__file__"} else 1.0
    inner = libraries.module_names(f"{candidate.module}.{candidate.name}")
    if inner and not members <= inner:
        return UNLIKELY
    known = libraries.module_names(candidate.name) if candidate.name == candidate.module else frozenset()
    return UNLIKELY if known and members and members <= known else 1.0


def family(language: str) -> str:
    """Languages that import from each other are one."""
    return "script" if language in SCRIPTS else language
