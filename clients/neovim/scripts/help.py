"""Neovim's help, `doc/pilotfish.txt`, out of the comments in the Lua files: each says what it is for.

`python -m clients.neovim.scripts.help` writes it anew; with `--check` it only tells whether it is current.
Both work from the repository's root. What is read, all in lines that begin with `---`:

- `@section TAG Title` and the prose under it, up to the end of the comment;
- `@entry TAG` and the prose under it: one word that a user may write, with its own tag;
- in `init.lua`, the comment of each public function, with its parameters and what it returns.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CLIENT = Path("clients") / "neovim"
HELP = CLIENT / "doc" / "pilotfish.txt"
FUNCTIONS = "init.lua"
SOURCES = (
    "lua/pilotfish/init.lua",
    "lsp/pilotfish.lua",
    "lua/pilotfish/server.lua",
    "lua/pilotfish/command.lua",
    "lua/pilotfish/ghost/menu.lua",
    "lua/pilotfish/ghost/place.lua",
    "lua/pilotfish/events.lua",
    "lua/pilotfish/highlights.lua",
    "lua/pilotfish/health.lua",
)
WIDTH = 78
_HEAD = "*pilotfish.txt*  A coding copilot that lives in a language server"
_FOOT = " vim:tw=78:ts=8:noet:ft=help:norl:"


@dataclass
class Comment:
    """Adjacent lines that begin with `---`, without that, and the first line of code below them."""

    lines: list[str] = field(default_factory=list)
    code: str = ""


def comments(source: str) -> Iterator[Comment]:
    """All of a file."""
    comment = Comment()
    for line in source.splitlines():
        text = line.strip()
        if text.startswith("---"):
            comment.lines.append(re.sub(r"^--- ?", "", text))
        elif comment.lines:
            comment.code = text
            yield comment
            comment = Comment()


def heading(tag: str, title: str) -> str:
    """The beginning of a section."""
    return f"{'=' * WIDTH}\n{title}{f'*{tag}*':>{WIDTH - len(title)}}\n"


def entry(tag: str, name: str, lines: Sequence[str]) -> str:
    """One word with its tag, and what is said of it, indented."""
    return f"{name}{f'*{tag}*':>{WIDTH - len(name)}}\n{prose(lines, '    ')}"


def prose(lines: Sequence[str], indent: str = "") -> str:
    """Paragraphs, filled; lists and examples (from `>lua` to `<`) as they are."""
    filled: list[str] = []
    paragraph: list[str] = []
    is_example = False
    for line in (*lines, ""):
        if not is_example and re.match(r"[^\s<-]", line):
            paragraph.append(line)
        else:
            filled += _filled(paragraph, WIDTH - len(indent))
            filled.append(line)
            paragraph = []
        is_example = line != "<" and (is_example or bool(re.search(r">\w+$", line)))
        if is_example and paragraph:
            filled += _filled(paragraph, WIDTH - len(indent))
            paragraph = []
    text = "".join(f"{'' if line == '<' else indent}{line}".rstrip() + "\n" for line in filled)
    return text.rstrip("\n") + "\n"


def _filled(paragraph: Sequence[str], width: int) -> list[str]:
    return textwrap.wrap(" ".join(paragraph), width, break_on_hyphens=False)


def function(comment: Comment) -> str | None:
    """The entry of a public function; None where the code is something else."""
    found = re.match(r"function M\.(\w+)\((.*)\)", comment.code)
    if not found:
        return None
    name, arguments = found.groups()
    said = [line for line in comment.lines if not line.startswith("@")]
    for line in comment.lines:
        if parameter := re.match(r"@param (\w+\??) (\S+) ?(.*)", line):
            said += ["", f"{{{parameter[1]}}} ({parameter[2]}) {parameter[3]}".rstrip()]
        elif result := re.match(r"@return (\S+) ?\w* ?(.*)", line):
            said += ["", f"Returns ({result[1]}) {result[2]}".rstrip()]
    shown = ", ".join(f"{{{each.strip()}}}" for each in arguments.split(",") if each.strip())
    return entry(f"pilotfish.{name}()", f"pilotfish.{name}({shown})", said)


def parts(source: str, *, has_functions: bool) -> Iterator[str]:
    """What a file says."""
    for comment in comments(source):
        first = comment.lines[0]
        if section := re.match(r"@section (\S+) (.+)", first):
            yield heading(section[1], section[2]) + "\n" + prose(comment.lines[1:])
        elif named := re.match(r"@entry (\S+)(?: (.+))?", first):
            yield entry(named[1], named[2] or named[1], comment.lines[1:])
        elif has_functions and (said := function(comment)):
            yield said


def text() -> str:
    """The whole help."""
    found = [
        part
        for name in SOURCES
        for part in parts(
            (CLIENT / name).read_text(encoding="utf-8"), has_functions=name.endswith(f"pilotfish/{FUNCTIONS}")
        )
    ]
    titles = [re.findall(r"^(.+?) +\*([\w-]+)\*$", part, re.M)[0] for part in found if part.startswith("=")]
    contents = "".join(f"    {title:<40}|{tag}|\n" for title, tag in titles)
    return "\n".join([f"{_HEAD}\n", f"CONTENTS\n\n{contents}", *found, _FOOT]) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write it, or only look."""
    now = text()
    if "--check" in arguments:
        if HELP.read_text(encoding="utf-8") == now:
            return 0
        sys.stderr.write(f"{HELP} is not current; make generate writes it anew\n")
        return 1
    HELP.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
