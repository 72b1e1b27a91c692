"""Keeps docs/backends.md to the data: its tables are made from presets, families and quirks, never typed.

`python -m pilotfish.models.document` writes them anew; with `--check` it only tells whether they are current.
Both work from the repository's root.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pilotfish.models.presets import PRESETS, Preset
from pilotfish.models.profiles import FAMILIES, QUIRKS

PAGE = Path("docs") / "backends.md"
EXAMPLE = Path("docs") / "examples" / "pilotfish-command" / "pilotfish_command.py"
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)
_BEGINNING = {"": "", "last": "yes", "partial": "`partial`", "prefix": "`prefix`"}


def main(arguments: Sequence[str]) -> int | str:
    """Write or check the page."""
    text = PAGE.read_text(encoding="utf-8")
    current = _BLOCK.sub(_filled, text)
    if "--check" not in arguments:
        PAGE.write_text(current, encoding="utf-8", newline="\n")
    elif text != current:
        return f"{PAGE} is not what the presets say: run `make generate`"
    return 0


def _filled(block: re.Match[str]) -> str:
    makers = {"presets": _presets, "families": _families, "unfit": _unfit, "example": _example}
    return f"{block[1]}\n" + "\n".join(makers[block[2]]()) + f"\n\n{block[3]}"


def _presets() -> Iterator[str]:
    yield "| `backend` | service | address | key | model | holes | beginning | proof |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, preset in PRESETS.items():
        cells = (
            f"`{name}`",
            preset.title,
            preset.url.removeprefix("https://") or "`url`",
            f"`{preset.key_env}`" if preset.key_env else "",
            preset.model or ("`model`" if preset.needs_model else ""),
            _holes(preset),
            _BEGINNING[preset.prefill],
            preset.proof,
        )
        yield f"| {' | '.join(cells)} |"


def _holes(preset: Preset) -> str:
    """How holes are filled there, and for which models if not for all."""
    if not preset.fill:
        return ""
    way = preset.known_fill[0] or preset.fill
    if preset.fill == "completions":
        way = "`suffix`" if preset.takes_suffix else "control tokens"
    models = "" if preset.fill_models == ("*",) else f" ({', '.join(preset.fill_models)})"
    return way + models


def _families() -> Iterator[str]:
    yield "| family | models | how a hole is written |"
    yield "|---|---|---|"
    for family in FAMILIES:
        template = family.template.replace("|", "\\|").replace("\n", "\\n")
        yield f"| `{family.name}` | {', '.join(f'`{model}`' for model in family.models)} | `{template}` |"


def _unfit() -> Iterator[str]:
    models = [model for quirk in QUIRKS if quirk.unfit for model in quirk.models]
    yield ", ".join(f"`{model}`" for model in models) + "."


def _example() -> Iterator[str]:
    yield f"```python\n{EXAMPLE.read_text(encoding='utf-8').rstrip()}\n```"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
