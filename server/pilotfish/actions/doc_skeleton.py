"""*Doc comment skeleton*: a function's doc comment with all that its signature tells, ready to be filled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pilotfish.actions.action import Kind
from pilotfish.actions.exact import Change, ExactAction, Proposal, in_thread
from pilotfish.actions.insertions import line_end_of
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.syntax.name_parts import parts_of
from pilotfish.syntax.signature import Signature, signature_at
from pilotfish.text.document import Document
from pilotfish.text.edit import insertion

_SCRIPT = ("javascript", "javascriptreact")
_TYPED_SCRIPT = ("typescript", "typescriptreact")
_SLASHES = {"go": "// ", "rust": "/// "}
LANGUAGES = frozenset({"python", "java", "c", "cpp", "csharp", *_SCRIPT, *_TYPED_SCRIPT, *_SLASHES})


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """In a function that has no doc comment yet."""
    del tools
    function = spot.function
    if function is None or function.doc or spot.language.id not in LANGUAGES:
        return []
    if spot.language.id == "python" and function.end_line == function.name_line + 1:
        return []  # Its body stands on its only line.
    above = spot.document.lines[function.start_line : function.name_line + 1]
    if any("@Override" in line for line in above):
        return []  # Its comment is that of what it overrides.
    return [Proposal(f"Add a doc comment skeleton to {function.name}")]


def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Write the skeleton above the function, or in Python as its first statement."""
    del tools, detail
    document, function = spot.document, spot.function
    tree = spot.tree
    if function is None or function.doc or tree is None:
        raise ActionStopped("There is no function here without a doc comment.")
    signature = signature_at(tree, function.name, function.name_line)
    if signature is None:
        raise ActionStopped("The signature of this function cannot be read.")
    line_end = line_end_of(document)
    if spot.language.id == "python":
        if signature.body_line < 0 or signature.body_line == signature.head_line:
            raise ActionStopped("This function's body stands on its first line.")
        line, indent, lines = signature.body_line, signature.indent, _python(signature, _style(document))
    else:
        line = function.start_line
        above = document.line(line)
        indent = above[: len(above) - len(above.lstrip())]
        lines = _comment(signature, spot.language.id)
    text = "".join((indent + each).rstrip() + line_end for each in lines)
    return Change(document, (insertion(line, text),))


def summary(name: str) -> str:
    """The words of a name as the beginning of a sentence."""
    words = " ".join(parts_of(name)) or name
    return words[:1].upper() + words[1:] + "."


# --- Python -------------------------------------------------------------------------------------------


def _style(document: Document) -> str:
    """The style of the file's other docstrings: sphinx, numpy, or Google's."""
    text = document.text
    if re.search(r"^\s*:(?:param|returns?|raises)\b", text, re.MULTILINE):
        return "sphinx"
    if re.search(r"^\s*(?:Parameters|Returns)\n\s*-{4,}", text, re.MULTILINE):
        return "numpy"
    return "google"


def _python(signature: Signature, style: str) -> list[str]:
    parameters = [(parameter.name, parameter.type) for parameter in signature.parameters]
    returns = signature.gives_back and signature.returns != "None"
    first = f'"""{summary(signature.name)}'
    if not (parameters or returns or signature.raises):
        return [f'{first}"""']
    if style == "sphinx":
        said = [f":param {name}:" for name, _ in parameters]
        said += [":returns:"] if returns else []
        said += [f":raises {name}:" for name in signature.raises]
        return [first, "", *said, '"""']
    lines = [first]
    if style == "numpy":
        sections = (
            ("Parameters", [f"{name} : {kind}" if kind else name for name, kind in parameters]),
            ("Returns", [signature.returns or "object"] if returns else []),
            ("Raises", list(signature.raises)),
        )
        for title, entries in sections:
            lines += ["", title, "-" * len(title), *entries] if entries else []
        return [*lines, '"""']
    for title, entries in (
        ("Args:", [f"    {name}:" for name, _ in parameters]),
        ("Returns:", ["    The result."] if returns else []),
        ("Raises:", [f"    {name}:" for name in signature.raises]),
    ):
        lines += ["", title, *entries] if entries else []
    return [*lines, '"""']


# --- comments above -----------------------------------------------------------------------------------


def _comment(signature: Signature, language: str) -> list[str]:
    names = [parameter.name for parameter in signature.parameters]
    if language in _SLASHES:
        text = f"{signature.name} ..." if language == "go" else summary(signature.name)
        return [_SLASHES[language] + text]
    if language == "csharp":
        lines = ["/// <summary>", f"/// {summary(signature.name)}", "/// </summary>"]
        lines += [f'/// <param name="{name}"></param>' for name in names]
        return [*lines, "/// <returns></returns>"] if signature.gives_back else lines
    said = []
    for parameter, name in zip(signature.parameters, names, strict=True):
        kind = f" {{{parameter.type or '*'}}}" if language in _SCRIPT else ""
        shown = f"[{name}={parameter.default}]" if language in _SCRIPT and parameter.default else name
        said.append(f" * @param{kind} {shown}")
    if signature.gives_back:
        kind = " {*}" if language in _SCRIPT else ""
        said.append(f" * @{'return' if language in ('java', 'c', 'cpp') else 'returns'}{kind}")
    said += [f" * @throws {name}" for name in signature.raises]
    return ["/**", f" * {summary(signature.name)}", *([" *", *said] if said else []), " */"]


DOC_SKELETON = ExactAction("doc-skeleton", Kind.REWRITE, find, in_thread(change))
