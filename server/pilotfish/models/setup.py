"""From the settings of a backend, its preset and what is known of its model: whom to ask, where and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pilotfish.errors import BackendError
from pilotfish.models.backend import ModelProfile
from pilotfish.models.options import read_options
from pilotfish.models.presets import PRESETS, Preset
from pilotfish.models.profiles import FAMILIES, in_family, profile_of
from pilotfish.models.templates import check_template
from pilotfish.models.wire import Target

if TYPE_CHECKING:
    from pilotfish.settings.model import BackendSettings


@dataclass(frozen=True, slots=True)
class PresetOptions:
    """`backends.<name>.options` of every preset; what is empty or 0 is as the preset and the model have it.

    Attributes:
        fim: the family of control tokens (`qwen`, `deepseek`, …), or `off`: holes go as conversations.
        template: how a hole is written, with `{prefix}`, `{line}` and `{suffix}`.
        stop: strings that end an answer, beside the family's own.
        window_tokens: what prompt and answer take together.
        prefix_tokens: the most text before the cursor.
        suffix_tokens: the most text after the cursor.
        max_tokens: the longest answer.
        temperature: how much chance there is in answers.
        allow_thinking: use a model although it thinks first.
        body: fields that are added to each request, over all others.
    """

    fim: str = ""
    template: str = ""
    stop: tuple[str, ...] = ()
    window_tokens: int = 0
    prefix_tokens: int = 0
    suffix_tokens: int = 0
    max_tokens: int = 0
    temperature: float = 0.0
    allow_thinking: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a service needs to know.

    Attributes:
        url: base address.
        key_env: the environment variable of the key; may be empty.
        target: whom requests are for.
        fill: the wire shape for holes and its path; empty where holes go as conversations.
        added: fields that the user adds to each request.
    """

    url: str
    key_env: str
    target: Target
    fill: tuple[str, str]
    added: Mapping[str, Any]


def setup_of(name: str, settings: BackendSettings) -> Setup:
    """Put together what is said of backend `name`.

    Raises:
        BackendError: something is missing, or contradicts itself.
    """
    preset = PRESETS[settings.kind]
    options = read_options(PresetOptions, name, settings.options)
    url, key_env = address_of(settings)
    model = settings.model or preset.model
    if not url:
        raise BackendError(f"backend {name!r}: say where it is: `backends.{name}.url`")
    if not model and preset.needs_model:
        raise BackendError(f"backend {name!r}: say which model: `backends.{name}.model`")
    profile = _profile(name, model, options)
    extra = {**preset.body, **(profile.body if preset.is_vendor else {})}
    target = Target(model, preset, profile, extra, options.temperature)
    return Setup(url, key_env, target, _fill(target, options), options.body)


def address_of(settings: BackendSettings) -> tuple[str, str]:
    """Where a backend speaks to, if that is known, and the environment variable of its key.

    A service's usual variable is for the service itself: elsewhere the user has to name one.
    """
    preset = PRESETS.get(settings.kind, Preset(""))
    url = (settings.url or preset.url).rstrip("/")
    if url and not urlsplit(url).path:
        url += preset.base_path
    is_itself = bool(preset.url) and _origin(url) == _origin(preset.url)
    return url, settings.key_env or (preset.key_env if is_itself else "")


def _profile(name: str, model: str, options: PresetOptions) -> ModelProfile:
    """What is known of the model, under what the user says of it."""
    profile = profile_of(model)
    if options.fim and options.fim != "off":
        families = {family.name: family for family in FAMILIES}
        if options.fim not in families:
            raise BackendError(
                f"backend {name!r}: option 'fim' is one of off, {', '.join(families)}; not {options.fim!r}"
            )
        profile = in_family(profile, families[options.fim])
    if options.template:
        check_template(options.template)
    said = {
        key: value
        for key in ("template", "window_tokens", "prefix_tokens", "suffix_tokens", "max_tokens")
        if (value := getattr(options, key))
    }
    unfit = "" if options.allow_thinking else profile.unfit
    return replace(profile, stop=(*profile.stop, *options.stop), unfit=unfit, **said)


def _fill(target: Target, options: PresetOptions) -> tuple[str, str]:
    """The shape for holes, if this service fills them with this model and somebody knows the tokens."""
    preset, known = target.preset, bool(target.profile.template)
    is_offered = any(fnmatchcase(target.model.lower(), pattern) for pattern in preset.fill_models)
    if options.fim == "off" or not is_offered or not preset.fill:
        return "", ""
    if preset.fill == "completions" and not (preset.takes_suffix or known):
        return "", ""
    return preset.known_fill if known and preset.known_fill[0] else (preset.fill, preset.fill_path)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
