"""The backend behind every preset: a service asked over HTTP in one of the wire shapes.

It knows no service and no model by name; those are data in `presets.py` and `profiles.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pilotfish.errors import AnswerBroken, BackendError, BackendUnavailable, KeyRefused, PromptRefused
from pilotfish.models.backend import Abilities, Chat, Prompt
from pilotfish.models.breaker import Breaker
from pilotfish.models.embeddings import EMBED, vectors_in
from pilotfish.models.faults import fault_in, fault_of
from pilotfish.models.profiles import in_family
from pilotfish.models.service_key import ServiceKey
from pilotfish.models.setup import setup_of
from pilotfish.models.shapes import CHAT, FILL, INSTEAD
from pilotfish.models.templates import CHAT_CONTROL, defused
from pilotfish.models.told import family_in, known_tokens, model_in, window_in
from pilotfish.models.usage import Counted, Usage, usage_after
from pilotfish.platform.events import events
from pilotfish.platform.http import Http, is_loopback
from pilotfish.platform.reply import Deadlines

if TYPE_CHECKING:
    from pilotfish.models.backend import ModelProfile
    from pilotfish.models.presets import Preset
    from pilotfish.platform.keys import Secret
    from pilotfish.settings.model import BackendSettings

FILL_DEADLINES = Deadlines()
LEARN_DEADLINES = Deadlines(first_byte_s=2.0, between_bytes_s=2.0, total_s=3.0)
CHAT_DEADLINES = Deadlines(first_byte_s=60.0, between_bytes_s=30.0, total_s=600.0)


class PresetBackend:
    """One service and one model of it.

    Args:
        name: what the settings call it.
        settings: its table; `kind` is the preset's name.
        http: the session's connections; without them it has its own, and closes them.
        key: its key where that is known already; else it is looked for.

    Raises:
        BackendError: the settings lack something, or contradict themselves.
    """

    def __init__(
        self, name: str, settings: BackendSettings, http: Http | None = None, key: Secret | None = None
    ) -> None:
        self.setup = setup_of(name, settings)
        preset, profile = self.setup.target.preset, self.setup.target.profile
        self.name = name
        self.is_remote = not is_loopback(self.setup.url)
        self.needs_key = bool(preset.key_env) and self.is_remote
        self.abilities = Abilities(
            fill=bool(self.setup.fill[0]),
            chat=bool(preset.chat),
            prefill=bool(preset.prefill) and profile.prefill,
            embed=bool(preset.embed_path),
        )
        self._as_set_up = self.setup
        self._has_learned = False
        self._key = ServiceKey(name, self.setup, is_needed=self.needs_key, key=key)
        self._breaker = Breaker()
        self._http = http or Http()
        self._owns_http = http is None

    @property
    def is_metered(self) -> bool:
        """Whether it counts what it is asked: services that give out keys do."""
        return self.is_remote and bool(self.key_env)

    @property
    def url(self) -> str:
        """The base address."""
        return self.setup.url

    @property
    def key_env(self) -> str:
        """The environment variable of its key; may be empty."""
        return self.setup.key_env

    @property
    def model(self) -> str:
        """What the service calls the model; may be empty."""
        return self.setup.target.model

    @property
    def profile(self) -> ModelProfile:
        """What is known of the model; may become more with the first answer."""
        return self.setup.target.profile

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
                self._key.forget()
            elif isinstance(error, BackendUnavailable):  # it may come back with another model
                self.setup, self._has_learned = self._as_set_up, False
            self._breaker.failed(error)
            raise

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in their order.

        Raises:
            BackendError: one of its leaves, with a sentence for the user.
        """
        preset = self.setup.target.preset
        path, shape = preset.embed_path, EMBED[preset.embed]
        if not path:
            raise PromptRefused(f"{self.name} makes no embeddings.")
        self._breaker.check(self.name)
        try:
            body = {**shape.body(texts, self.model), **self.setup.added}
            headers = {**preset.headers, **await self._key.header()}
            async with self._http.post(self._at(path), body, headers, CHAT_DEADLINES) as reply:
                page = await reply.body()
            if reply.status >= 300:
                raise fault_of(self.name, reply.status, reply.headers, page)
            vectors = vectors_in(page, len(texts), shape)
        except PromptRefused:  # of these texts; nothing is wrong with the service
            raise
        except BackendError as error:
            self._breaker.failed(error)
            raise
        self._breaker.succeeded()
        return vectors

    def expect(self) -> None:
        """A question will come soon: connect meanwhile, where that takes long."""
        self._http.expect(self.url)

    async def told_window_tokens(self) -> int | None:
        """The context window that the server tells of; None where it does not.

        Raises:
            BackendError: it does not answer.
        """
        path = self.setup.target.preset.window_path
        if not path:
            return None
        async with self._http.get(self._at(path), await self._key.header(), LEARN_DEADLINES) as reply:
            page = await reply.body()
        return window_in(page, self.model) if reply.status == 200 else None

    async def told_model(self) -> str:
        """The model that is asked: as it was set up, else the first that the server tells of, else empty.

        Raises:
            BackendError: it does not answer.
        """
        if self.model:
            return self.model
        url = self._at(self.setup.target.preset.embed_path.replace("embeddings", "models"))
        async with self._http.get(url, await self._key.header(), LEARN_DEADLINES) as reply:
            page = await reply.body()
        return model_in(page) if reply.status == 200 else ""

    async def aclose(self) -> None:
        """Close connections of its own."""
        if self._owns_http:
            await self._http.aclose()

    async def _in_shape(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """In the preset's shape; in the one to use instead, if the server has no use for the first."""
        if isinstance(prompt, Prompt) and not self._has_learned:
            await self._learn()
        try:
            async with aclosing(self._ask(prompt)) as pieces:
                async for text in pieces:
                    yield text
            return
        except PromptRefused as refused:
            shape, path = self.setup.fill
            words, instead = INSTEAD.get(shape, ("", ""))
            if not (instead and words in str(refused) and self.profile.template):
                raise
            self.setup = replace(self.setup, fill=(instead, path))
        async with aclosing(self._ask(prompt)) as pieces:
            async for text in pieces:
                yield text

    async def _learn(self) -> None:
        """Ask once what the server tells of itself: its window, and what control tokens its model has.

        One that tells nothing, or takes long to, is asked for answers all the same.
        """
        with suppress(BackendError):
            window_tokens = await self.told_window_tokens()
            if window_tokens is not None:
                # Ours are bytes / 4; those of code may have three.
                bound_tokens = min(self.profile.window_tokens, window_tokens * 3 // 4)
                max_tokens = min(self.profile.max_tokens, bound_tokens // 4)
                self._know(replace(self.profile, window_tokens=bound_tokens, max_tokens=max_tokens))
        preset = self.setup.target.preset
        if preset.tokens_path and self.setup.fill[0] == preset.fill:
            with suppress(BackendError):
                await self._learn_tokens(preset)
        self._has_learned = True  # not before: who is cancelled on the way has learned nothing

    async def _learn_tokens(self, preset: Preset) -> None:
        asked = {"content": known_tokens(), "parse_special": True, "with_pieces": True}
        url = self._at(preset.tokens_path)
        async with self._http.post(url, asked, await self._key.header(), LEARN_DEADLINES) as reply:
            page = await reply.body()
        if reply.status == 200 and (family := family_in(page)) is not None:
            self._know(in_family(self.profile, family))
            self.setup = replace(self.setup, fill=preset.known_fill)

    def _know(self, profile: ModelProfile) -> None:
        self.setup = replace(self.setup, target=replace(self.setup.target, profile=profile))

    async def _ask(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        preset = self.setup.target.preset
        path, body = self._request(prompt)
        headers = {**preset.headers, **await self._key.header()}
        read = FILL[self.setup.fill[0]].read if isinstance(prompt, Prompt) else CHAT[preset.chat].read
        deadlines = FILL_DEADLINES if isinstance(prompt, Prompt) else CHAT_DEADLINES
        heard = False
        used: Usage | None = None
        async with self._http.post(self._at(path), body, headers, deadlines) as reply:
            if reply.status >= 300:
                raise fault_of(self.name, reply.status, reply.headers, self._key.kept_out(await reply.body()))
            async with aclosing(events(reply)) as answer:
                async for event in answer:
                    heard = True
                    if (fault := fault_in(self.name, event.data)) is not None:
                        raise fault
                    said = read(event)
                    if said.text:
                        yield said.text
                    used = usage_after(used, event.data)
                    if said.is_end:
                        reply.is_over = True
                        break
        if used is not None and self.is_remote:
            yield Counted(used)
        if not heard:
            raise AnswerBroken(f"{self.name} answered with nothing at all. Is the backend's `url` right?")

    def _request(self, prompt: Prompt | Chat) -> tuple[str, dict[str, Any]]:
        """Where to, and what."""
        target = self.setup.target
        shape, path = self.setup.fill
        if isinstance(prompt, Prompt):
            if not shape:
                raise PromptRefused(f"{self.name} fills no holes; it can only be asked in a conversation.")
            body = FILL[shape].body(prompt, target)
        else:
            if not self.is_remote:  # servers of one's own put the text into their template as it is
                turns = (replace(m, text=defused(m.text, CHAT_CONTROL)) for m in prompt.messages)
                prompt = replace(prompt, messages=tuple(turns))
            path = target.preset.chat_path
            body = CHAT[target.preset.chat].body(prompt, target)
        for refused in target.profile.refuses:
            body.pop(refused, None)
        return path, {**body, **self.setup.added}

    def _at(self, path: str) -> str:
        """The address of a path; `/v1`, which people write and some paths have as well, stands in it once."""
        base = self.url.removesuffix("/v1") if path.startswith("/v1/") else self.url
        return base + path
