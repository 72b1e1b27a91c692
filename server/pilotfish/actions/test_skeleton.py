"""*Test skeleton*: an empty test of a function, beside the tests that there are, in their framework."""

from __future__ import annotations

from collections.abc import Sequence

from pilotfish.actions.action import Kind
from pilotfish.actions.addition import with_code
from pilotfish.actions.candidates import family
from pilotfish.actions.exact import Change, ExactAction, Proposal, in_thread
from pilotfish.actions.modules import Modules
from pilotfish.actions.spot import Spot
from pilotfish.actions.testfile import CUSTOMS, TestFile, find_test_file, is_test_file
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.syntax.name_parts import parts_of
from pilotfish.syntax.outline import outline_of

__test__ = False
LOOKUP_S = 0.25


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """On a function or a class of a file that can have tests."""
    del tools
    path, definition = spot.document.path, spot.definition
    if path is None or spot.root is None or definition is None or spot.language.id not in CUSTOMS:
        return []
    is_of_tests = definition.name.startswith("test_") or definition.container.partition(".")[0] == "tests"
    is_empty = definition.kind == "interface" or definition.name.startswith("__")
    if is_test_file(path) or is_of_tests or is_empty:
        return []
    return [Proposal(f"Add a test skeleton for {definition.name}")]


def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Put the skeleton at the end of the test file, or into a new one."""
    del detail
    definition = spot.definition
    if definition is None:
        raise ActionStopped("There is no function here to test.")
    tests = find_test_file(spot, tools)
    owner = definition.container.partition(".")[0] or definition.name
    words = "_".join(dict.fromkeys((*parts_of(definition.container), *parts_of(definition.name))))
    code = _CODE[family(spot.language.id)](spot, tools, tests, owner, words or definition.name.lower())
    there = {symbol.name for symbol in outline_of(tests.document.text, spot.language).symbols}
    if {f"test_{words}", f"Test{definition.name}", f"test{_camel(words)}"} & there:
        raise ActionStopped(f"{tests.shown_path} has a test of this name already.")
    return with_code(tests.document, code)


def _camel(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))


def _seen_from(tests: TestFile, spot: Spot, tools: Tools) -> str:
    """The module under test as the test file writes it."""
    from_there = Spot(tests.document, spot.selection, (), spot.root)
    return Modules(from_there, tools.lookup(frozenset(), LOOKUP_S)).of_file(spot.shown_path) or ""


def _python(spot: Spot, tools: Tools, tests: TestFile, owner: str, words: str) -> str:
    module = _seen_from(tests, spot, tools)
    imports = f"from {module} import {owner}\n" if module else ""
    if tests.framework == "unittest":
        if "import unittest" not in tests.document.text:
            imports = f"import unittest\n\n{imports}"
        return "\n".join(
            (
                imports,
                "",
                f"class {_camel(words)}Test(unittest.TestCase):",
                f"    def test_{words}(self):",
                '        self.fail("not written yet")',
                "",
            )
        )
    return f'{imports}\n\ndef test_{words}() -> None:\n    raise NotImplementedError("{owner}")\n'


def _script(spot: Spot, tools: Tools, tests: TestFile, owner: str, words: str) -> str:
    module = _seen_from(tests, spot, tools)
    lines = [f'import {{ {owner} }} from "{module}";'] if module else []
    if tests.framework in ("vitest", "node:test") and tests.framework not in tests.document.text:
        names = "expect, test" if tests.framework == "vitest" else "test"
        lines.insert(0, f'import {{ {names} }} from "{tests.framework}";')
    said, test = " ".join(words.split("_")), "it" if tests.framework == "mocha" else "test"
    return "\n".join(
        (
            *lines,
            "",
            f'{test}("{said}", () => {{',
            f'  throw new Error("not written yet: {owner}");',
            "});",
            "",
        )
    )


def _go(spot: Spot, tools: Tools, tests: TestFile, owner: str, words: str) -> str:
    del tools, owner
    head = ""
    if tests.document.text == "":
        package = next((line for line in spot.document.lines if line.startswith("package ")), "")
        head = f'{package.rstrip()}\n\nimport "testing"\n\n'
    return f'{head}func Test{_camel(words)}(t *testing.T) {{\n\tt.Fatal("not written yet")\n}}\n'


def _java(spot: Spot, tools: Tools, tests: TestFile, owner: str, words: str) -> str:
    del tools, owner
    name = _camel(words)
    method = (
        "    @Test\n"
        f"    public void test{name}() {{\n"
        '        throw new AssertionError("not written yet");\n'
        "    }\n"
    )
    if tests.document.text:
        return method
    package = next((line for line in spot.document.lines if line.startswith("package ")), "")
    test = "org.junit.Test" if tests.framework == "junit 4" else "org.junit.jupiter.api.Test"
    path = tests.document.path
    head = f"{package.rstrip()}\n\n" if package else ""
    return f"{head}import {test};\n\npublic class {path.stem if path else name} {{\n{method}}}\n"


def _rust(spot: Spot, tools: Tools, tests: TestFile, owner: str, words: str) -> str:
    del spot, tools, tests
    return f'#[test]\nfn test_{words}() {{\n    todo!("{owner}")\n}}\n'


_CODE = {"python": _python, "script": _script, "go": _go, "java": _java, "rust": _rust}
TEST_SKELETON = ExactAction("test-skeleton", Kind.REWRITE, find, in_thread(change))
