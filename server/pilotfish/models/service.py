"""The backend behind every preset: a service asked over HTTP in one of the wire shapes.

It knows no service and no model by name; those are data in `presets.py` and `profiles.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pilotfish.errors import AnswerBroken, BackendError, KeyRefused, PromptRefused
from pilotfish.models.backend import Abilities, Chat, ModelProfile, Prompt
from pilotfish.models.breaker import Breaker
from pilotfish.models.faults import fault_in, fault_of
from pilotfish.models.options import read_options
from pilotfish.models.presets import PRESETS, Preset
from pilotfish.models.profiles import FAMILIES, in_family, profile_of
from pilotfish.models.shapes import CHAT, FILL, INSTEAD
from pilotfish.models.templates import CHAT_CONTROL, check_template, defused
from pilotfish.models.wire import Target
from pilotfish.platform.events import events
from pilotfish.platform.http import Deadlines, Http, is_loopback
from pilotfish.platform.keys import find_key, host_of

if TYPE_CHECKING:
    from pilotfish.platform.keys import Secret
    from pilotfish.settings.model import BackendSettings

FILL_DEADLINES = Deadlines()
CHAT_DEADLINES = Deadlines(first_byte_s=60.0, between_bytes_s=30.0, total_s=600.0)


@dataclass(frozen=True, slots=True)
class ServiceOptions:
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


class Service:
    """One service and one model of it.

    Args:
        name: what the settings call it.
        settings: its table; `kind` is the preset's name.
        http: the session's connections; without them it has its own, and closes them.

    Raises:
        BackendError: the settings lack something, or contradict themselves.
    """

    def __init__(self, name: str, settings: BackendSettings, http: Http | None = None) -> None:
        preset = PRESETS[settings.kind]
        options = read_options(ServiceOptions, name, settings.options)
        self.name = name
        self.url, self.key_env = address_of(settings)
        self.model = settings.model or preset.model
        if not self.url:
            raise BackendError(f"backend {name!r}: say where it is: `backends.{name}.url`")
        if not self.model and preset.needs_model:
            raise BackendError(f"backend {name!r}: say which model: `backends.{name}.model`")
        self.profile = _profile(name, self.model, options)
        self.is_remote = not is_loopback(self.url)
        self._fill, self._fill_path = preset.fill, preset.fill_path
        if not _can_fill(preset, self.model, self.profile, options):
            self._fill = ""
        elif self.profile.template and preset.known_fill[0]:
            self._fill, self._fill_path = preset.known_fill
        self._asks_tokens = bool(preset.tokens_path) and self._fill == preset.fill
        self.needs_key = bool(preset.key_env) and self.is_remote
        self._preset = preset
        self._extra_body = options.body
        extra = {**preset.body, **(self.profile.body if preset.is_vendor else {})}
        self._target = Target(self.model, preset, self.profile, extra, options.temperature)
        self.abilities = Abilities(
            bool(self._fill), bool(preset.chat), bool(preset.prefill) and self.profile.prefill
        )
        self._key: Secret | None = None
        self._breaker = Breaker()
        self._http = http or Http()
        self._owns_http = http is None

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """The answer in pieces.

        Raises:
            BackendError: one of its leaves, with a sentence for the user.
        """
        self._breaker.check(self.name)
        try:
            async with aclosing(self._in_shape(prompt)) as pieces:
                async for text in pieces:
                    self._breaker.succeeded()
                    yield text
            self._breaker.succeeded()
        except BackendError as error:
            if isinstance(error, KeyRefused):
                self._key = None
            self._breaker.failed(error)
            raise

    async def told_window_tokens(self) -> int | None:
        """The context window that the server tells of; None where it does not.

        Raises:
            BackendError: it does not answer.
        """
        path = self._preset.window_path
        if not path:
            return None
        url = f"{self._base_for(path)}{path}"
        async with self._http.get(url, await self._key_header(), FILL_DEADLINES) as reply:
            page = await reply.body()
        try:
            return _window_in(json.loads(page), self.model) if reply.status == 200 else None
        except ValueError:
            return None

    async def aclose(self) -> None:
        """Close connections of its own."""
        if self._owns_http:
            await self._http.aclose()

    async def _in_shape(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """In the preset's shape; in the one to use instead, if the server has no use for the first."""
        if self._asks_tokens and isinstance(prompt, Prompt):
            await self._learn_tokens()
        try:
            async with aclosing(self._ask(prompt)) as pieces:
                async for text in pieces:
                    yield text
            return
        except PromptRefused as refused:
            words, instead = INSTEAD.get(self._fill, ("", ""))
            if not (instead and words in str(refused) and self.profile.template):
                raise
            self._fill = instead
        async with aclosing(self._ask(prompt)) as pieces:
            async for text in pieces:
                yield text

    async def _learn_tokens(self) -> None:
        """Find out, once, which family's control tokens the server reads as such."""
        known = sorted({token for family in FAMILIES for token in family.hole_tokens})
        asked = {"content": "\n".join(known), "parse_special": True, "with_pieces": True}
        url = f"{self._base_for(self._preset.tokens_path)}{self._preset.tokens_path}"
        async with self._http.post(url, asked, await self._key_header(), FILL_DEADLINES) as reply:
            page = await reply.body()
        self._asks_tokens = False
        pieces = pieces_in(page) if reply.status == 200 else frozenset()
        family = next((family for family in FAMILIES if family.hole_tokens <= pieces), None)
        if family is not None:
            self.profile = in_family(self.profile, family)
            self._target = replace(self._target, profile=self.profile)
            self._fill, self._fill_path = self._preset.known_fill

    async def _ask(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        url, body = self._request(prompt)
        headers = {**self._preset.headers, **await self._key_header()}
        read = FILL[self._fill].read if isinstance(prompt, Prompt) else CHAT[self._preset.chat].read
        deadlines = FILL_DEADLINES if isinstance(prompt, Prompt) else CHAT_DEADLINES
        heard = False
        async with self._http.post(url, body, headers, deadlines) as reply:
            if reply.status >= 300:
                raise fault_of(self.name, reply.status, reply.headers, await reply.body())
            async with aclosing(events(reply)) as answer:
                async for event in answer:
                    heard = True
                    if (fault := fault_in(self.name, event.data)) is not None:
                        raise fault
                    said = read(event)
                    if said.text:
                        yield said.text
                    if said.is_end:
                        return
        if not heard:
            raise AnswerBroken(f"{self.name} answered with nothing at all. Is the backend's `url` right?")

    def _request(self, prompt: Prompt | Chat) -> tuple[str, dict[str, Any]]:
        """Where to, and what."""
        if isinstance(prompt, Prompt):
            if not self._fill:
                raise PromptRefused(f"{self.name} fills no holes; it can only be asked in a conversation.")
            path, body = self._fill_path, FILL[self._fill].body(prompt, self._target)
        else:
            if not self._preset.chat:
                raise PromptRefused(f"{self.name} holds no conversations; it can only fill holes.")
            if not self.is_remote:  # servers of one's own put the text into their template as it is
                turns = (replace(m, text=defused(m.text, CHAT_CONTROL)) for m in prompt.messages)
                prompt = replace(prompt, messages=tuple(turns))
            path, body = self._preset.chat_path, CHAT[self._preset.chat].body(prompt, self._target)
        for refused in self.profile.refuses:
            body.pop(refused, None)
        return f"{self._base_for(path)}{path}", {**body, **self._extra_body}

    def _base_for(self, path: str) -> str:
        """The address without the `/v1` that people write and the path has as well."""
        return self.url.removesuffix("/v1") if path.startswith("/v1/") else self.url

    async def _key_header(self) -> dict[str, str]:
        """The key as its service wants it; it is looked up once, and again after it was refused."""
        if self._key is None:
            self._key = await asyncio.to_thread(find_key, self.name, host_of(self.url), self.key_env)
            if self._key is None and self.needs_key:
                variable = self.key_env or f"`backends.{self.name}.key_env`"
                raise KeyRefused(
                    f"There is no key for {self.name} at {host_of(self.url)}. "
                    f"Set {variable}, or run `pilotfish auth login {self.name}`."
                )
            if self._key is None:
                return {}
        value = self._key.reveal()
        header = self._preset.key_header
        return {header: f"Bearer {value}" if header == "authorization" else value}


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


def _profile(name: str, model: str, options: ServiceOptions) -> ModelProfile:
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


def pieces_in(page: bytes) -> frozenset[str]:
    """The tokens in an answer of llama.cpp's `/tokenize`, as text; none if it is no such answer."""
    try:
        tokens = json.loads(page)["tokens"]
        return frozenset(str(token["piece"]) for token in tokens)
    except (ValueError, TypeError, KeyError):
        return frozenset()


def _can_fill(preset: Preset, model: str, profile: ModelProfile, options: ServiceOptions) -> bool:
    """Whether holes go as holes: this service does it with this model, and somebody knows the tokens."""
    if not preset.fill or options.fim == "off":
        return False
    if not any(fnmatchcase(model.lower(), pattern) for pattern in preset.fill_models):
        return False
    return preset.takes_suffix or preset.fill != "completions" or bool(profile.template)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _window_in(page: Any, model: str) -> int | None:
    """The window in llama.cpp's `/props`, or of one model in a list of models as vLLM and SGLang give it."""
    page = page if isinstance(page, dict) else {}
    defaults, models = page.get("default_generation_settings"), page.get("data")
    found = defaults.get("n_ctx") if isinstance(defaults, dict) else None
    for entry in models if isinstance(models, list) else ():
        if isinstance(entry, dict) and model in ("", entry.get("id")):
            found = found or entry.get("max_model_len")
    return found if isinstance(found, int) and found > 0 else None
