"""Outlines as text, so that a case is a file: a program, a line of equals signs, what it holds."""

from __future__ import annotations

from pathlib import Path

from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.outline import outline_of

FOLDER = Path(__file__).parent / "outlines"
SEPARATOR = "\n=====\n"


def rendered(text: str, language_id: str) -> str:
    """What the outline of a program says, one line each; lines counted from 1, both ends included."""
    outline = outline_of(text, language_of_id(language_id))
    lines = []
    for symbol in outline.symbols:
        bases = f" < {', '.join(symbol.bases)}" if symbol.bases else ""
        doc = f"  # {' / '.join(symbol.doc.split(chr(10)))}" if symbol.doc else ""
        place = f"{symbol.start_line + 1}-{symbol.end_line}"
        lines.append(f"{place} {symbol.kind} {symbol.path}: {symbol.signature}{bases}{doc}")
    for chunk in outline.chunks:
        lines.append(f"chunk {chunk.start_line + 1}-{chunk.end_line} {chunk.kind} {chunk.symbol}".rstrip())
    for one in outline.imports:
        lines.append(f"import {one.module} | {one.name} | {one.alias} on {one.line + 1}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":  # Write all cases anew, to be read before they are committed.
    for path in sorted(FOLDER.glob("*.txt")):
        program = path.read_text(encoding="utf-8").partition(SEPARATOR)[0]
        path.write_text(program + SEPARATOR + rendered(program, path.stem), encoding="utf-8", newline="\n")
