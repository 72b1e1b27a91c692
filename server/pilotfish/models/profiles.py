"""What is known of models, by their names: fill-in-the-middle training, and quirks of the hosted ones.

Data only. Names change monthly: a name that no row fits is used all the same, with a plain profile, and every
value can be set by the user (`backends.<name>.options`). Sources are in docs/backends.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from pilotfish.models.backend import ModelProfile


@dataclass(frozen=True, slots=True)
class Family:
    """Models trained to fill holes with the same control tokens.

    Attributes:
        name: what the option `fim` calls it.
        models: patterns of model names, in lower case.
        template: see `ModelProfile.template`.
        control: its control tokens; each ends an answer as well.
        file: see `ModelProfile.file`.
    """

    name: str
    models: tuple[str, ...]
    template: str
    control: tuple[str, ...]
    file: str = ""

    @property
    def hole_tokens(self) -> frozenset[str]:
        """The control tokens that a model must have to be of this family."""
        return frozenset(token for token in self.control if token in self.template)


_PIPED = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_PIPED_TEMPLATE = "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>{line}"

# The first row that fits holds.
FAMILIES = (
    Family(
        "qwen",
        ("*qwen*coder*",),
        "{files}" + _PIPED_TEMPLATE,
        (
            *_PIPED,
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>",
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
        ),
        "<|file_sep|>{path}\n{text}",
    ),
    Family("granite", ("*granite-4*", "*granite4*"), _PIPED_TEMPLATE, (*_PIPED, "<|end_of_text|>")),
    Family(
        "codegemma",
        ("*codegemma*",),
        _PIPED_TEMPLATE,
        (*_PIPED, "<|file_separator|>", "<end_of_turn>", "<eos>"),
    ),
    Family(
        "deepseek",  # the bars are U+FF5C and the underscores U+2581: with ASCII it fails without a word
        ("*deepseek-coder*", "*deepseek-v2*", "*deepseek-v3*"),
        "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>{line}",
        (
            "<｜fim▁begin｜>",
            "<｜fim▁hole｜>",
            "<｜fim▁end｜>",
            "<｜end▁of▁sentence｜>",
            "<｜begin▁of▁sentence｜>",
        ),
    ),
    Family(
        "starcoder",
        ("*starcoder*", "*mellum*", "*stable-code*", "*granite*code*", "*codeqwen*"),
        "{files}<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>{line}",
        (
            "<fim_prefix>",
            "<fim_suffix>",
            "<fim_middle>",
            "<file_sep>",
            "<repo_name>",
            "<reponame>",
            "<|endoftext|>",
        ),
        "<file_sep>{path}\n{text}",
    ),
    Family(
        "codellama",  # the spaces matter
        ("*codellama*", "*code-llama*"),
        "<PRE> {prefix}{line} <SUF>{suffix} <MID>",
        ("<PRE>", "<SUF>", "<MID>", "<EOT>"),
    ),
    Family(
        "codestral",  # the suffix comes first, and there is no middle token
        ("*codestral-2*", "*codestral-l*", "codestral", "codestral:*"),
        "[SUFFIX]{suffix}[PREFIX]{prefix}{line}",
        ("[PREFIX]", "[SUFFIX]", "+++++ "),
    ),
    Family(
        "seed-coder",  # the suffix comes first
        ("*seed-coder*",),
        "<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}<[fim-middle]>{line}",
        ("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "<[end▁of▁sentence]>"),
    ),
    Family(
        "codegeex",
        ("*codegeex4*",),
        "<|user|>\n###PATH:{path}\n###LANGUAGE:{language}\n###MODE:BLOCK\n"
        "<|code_suffix|>{suffix}<|code_prefix|>{prefix}{line}<|code_middle|><|assistant|>\n",
        (
            "<|code_suffix|>",
            "<|code_prefix|>",
            "<|code_middle|>",
            "<|user|>",
            "<|assistant|>",
            "<|endoftext|>",
        ),
    ),
)


HOLE_TOKENS = tuple(sorted({token for family in FAMILIES for token in family.hole_tokens}))
"""Of all families: kept out of the text where the service writes them and the model is unknown."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """What a hosted model wants or refuses; fields as in `ModelProfile`."""

    models: tuple[str, ...]
    body: Mapping[str, Any] = field(default_factory=dict)
    refuses: tuple[str, ...] = ()
    prefill: bool = True
    unfit: str = ""


_THINKS = "it always thinks before it writes, which cannot be switched off and takes seconds"

# The first row that fits holds.
QUIRKS = (
    Quirk(("*kimi-k3*", "*kimi-k2.7*", "*kimi-k2-thinking*"), refuses=("temperature",), unfit=_THINKS),
    Quirk(("*kimi-k2.5*", "*kimi-k2.6*"), body={"thinking": {"type": "disabled"}}, refuses=("temperature",)),
    Quirk(("*kimi-*",), refuses=("temperature",)),
    Quirk(("*minimax-m2*",), unfit=_THINKS),
    Quirk(("*minimax-*",), body={"thinking": {"type": "disabled"}}),
    Quirk(("*deepseek-reasoner*", "*deepseek-r1*"), unfit=_THINKS),
    Quirk(("o1*", "o3*", "o4*", "gpt-5*codex*"), refuses=("temperature", "stop"), unfit=_THINKS),
    Quirk(("gpt-5.*",), body={"reasoning_effort": "none"}, refuses=("temperature", "stop")),
    Quirk(("gpt-5*",), body={"reasoning_effort": "minimal"}, refuses=("temperature", "stop")),
    Quirk(("claude-haiku-4-5*", "claude-sonnet-4-5*", "claude-3*")),
    Quirk(("claude-*",), refuses=("temperature",), prefill=False),
    Quirk(("doubao-seed-1-6-251015", "doubao-seed-1-6-lite-251015"), body={"thinking": {"type": "disabled"}}),
    # With the answer's beginning given, these ignore the switch and think.
    Quirk(("doubao-*", "ep-*", "seed-*"), body={"thinking": {"type": "disabled"}}, prefill=False),
    Quirk(("glm-4.5*", "glm-4.6*", "glm-4.7*", "glm-5*"), body={"thinking": {"type": "disabled"}}),
    Quirk(("*qwen3-coder*", "*qwen2.5-coder*", "*qwen-coder*")),
    Quirk(
        ("qwen3*", "qwen-plus*", "qwen-max*", "qwen-flash*", "qwen-turbo*"), body={"enable_thinking": False}
    ),
)


def profile_of(model: str) -> ModelProfile:
    """What is known of a model by its name, whatever stands before the last `/`."""
    name = model.lower().rsplit("/", 1)[-1]
    profile = ModelProfile()
    for family in FAMILIES:
        if _fits(name, family.models):
            profile = in_family(profile, family)
            break
    for quirk in QUIRKS:
        if _fits(name, quirk.models):
            return replace(
                profile, body=quirk.body, refuses=quirk.refuses, prefill=quirk.prefill, unfit=quirk.unfit
            )
    return profile


def in_family(profile: ModelProfile, family: Family) -> ModelProfile:
    """The profile with the family's way to write a hole."""
    return replace(
        profile,
        name=family.name,
        template=family.template,
        file=family.file,
        control=family.control,
        stop=family.control,
    )


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
