"""Every fault that models show, put around a text that is right: seeded, and named, so that a test can count.

A fault is a function of what is true and what stands around it; it returns what a model would have said.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Fault = Callable[["Truth", random.Random], str]


@dataclass(frozen=True)
class Truth:
    """A hole and what belongs in it.

    Attributes:
        text: the rest of the cursor's line, as it was written.
        before: the cursor's line up to the cursor.
        above: the lines above, without their ends.
        below: the lines below, without their ends.
        language: as a fence would name it.
    """

    text: str
    before: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    language: str = "python"

    @property
    def line(self) -> str:
        return self.before + self.text

    @property
    def said(self) -> tuple[str, ...]:
        """The lines below that say something."""
        return tuple(line for line in self.below if line.strip())


PREAMBLES = (
    "Here is the completed code:",
    "Sure! Here's the missing line:",
    "The missing code is:",
    "Certainly! Here is the line that completes the function:",
    "To complete the code, you need to add the following line:",
    "Based on the context, the next line should be:",
)
AFTERWORDS = (
    "This line assigns the value that is used further down.",
    "Explanation: the value is computed first, and then returned to the caller.",
    "Note that this assumes that the variable was defined before.",
    "In this code, we call the function with the arguments given.",
    "Let me know if you have any questions!",
)
LEADING = ("<|fim_middle|>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "[MIDDLE]", "<|assistant|>\n", "<s>")
ENDING = (
    "<|endoftext|>",
    "<|fim_pad|>",
    "<EOT>",
    " <EOT>",
    "</s>",
    "<｜end▁of▁sentence｜>",
    "<|im_end|>\n",
    "<|file_sep|>other.py\nimport os\n",
    "<fim_prefix>",
    "<|end_of_text|>",
)
TAILS = (
    "\n\n\ndef main():\n    run()\n\n\nif __name__ == '__main__':\n    main()\n",
    "\n\n# Example usage:\nprint(result)\n",
    "\n\nclass Other:\n    pass\n",
    "\n}\n\nfunction other() {\n",
    "\n</code>\n",
    "\n```\n\nOutput:\n\n```\n42\n```",
)


def fenced(truth: Truth, rng: random.Random) -> str:
    name = rng.choice(("", truth.language, truth.language, "py"))
    body = rng.choice((truth.text, truth.line if truth.before.strip() == "" else truth.text))
    return rng.choice(
        (f"```{name}\n{body}\n```", f"```{name}\n{body}\n```\n", f"```{name}\n{body}", f"{body}\n```")
    )


def talked_about(truth: Truth, rng: random.Random) -> str:
    preamble, afterword = rng.choice(PREAMBLES), rng.choice(AFTERWORDS)
    code = rng.choice((f"```{truth.language}\n{truth.text}\n```", truth.text, f"```\n{truth.line}\n```"))
    return rng.choice(
        (
            f"{preamble}\n\n{code}",
            f"{preamble}\n{code}\n\n{afterword}",
            f"{code}\n\n{afterword}",
            f"{code}\n{afterword}",
        )
    )


def prefix_again(truth: Truth, rng: random.Random) -> str:
    if truth.before.strip():
        return rng.choice((truth.line, truth.line.lstrip()))
    lines = list(truth.above[-rng.randint(1, 4) :])
    return "\n".join([*lines, truth.line]) if any(map(str.strip, lines)) else truth.line


def suffix_again(truth: Truth, rng: random.Random) -> str:
    more = truth.below[: rng.randint(1, 5)]
    return "\n".join([truth.text, *more]) if more else truth.text


def indented_wrongly(truth: Truth, rng: random.Random) -> str:
    return rng.choice((" ", "  ", "    ", "\t", "        ", truth.before, truth.before + "    ")) + truth.text


def with_a_tail(truth: Truth, rng: random.Random) -> str:
    return truth.text + rng.choice((*TAILS, "\n" + rng.choice(AFTERWORDS), "\n\n" + rng.choice(AFTERWORDS)))


def with_control_tokens(truth: Truth, rng: random.Random) -> str:
    leading, ending = rng.choice(("", *LEADING)), rng.choice(("", *ENDING))
    return f"{leading}{truth.text}{ending or rng.choice(ENDING)}"


def blank_lines_around(truth: Truth, rng: random.Random) -> str:
    return rng.choice(("\n", "\n\n")) + truth.line + "\n" * rng.randint(0, 3)


def windows_line_ends(truth: Truth, rng: random.Random) -> str:
    return suffix_again(truth, rng).replace("\n", "\r\n") + "\r\n"


FAULTS: Mapping[str, Fault] = {
    "none": lambda truth, _rng: truth.text,
    "fences": fenced,
    "prose": talked_about,
    "repeated prefix": prefix_again,
    "repeated suffix": suffix_again,
    "wrong indentation": indented_wrongly,
    "tail": with_a_tail,
    "control tokens": with_control_tokens,
    "blank lines": blank_lines_around,
    "line ends": windows_line_ends,
}


def half(truth: Truth, rng: random.Random) -> str:
    """An answer that broke off: between a quarter and three quarters of the line."""
    length = len(truth.text)
    return truth.text[: rng.randint(max(1, length // 4), max(1, 3 * length // 4))]
