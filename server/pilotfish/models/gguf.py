"""A model file on this machine: llama.cpp's server as a child, from the first question to our end.

[backends.mine]
kind = "gguf"
model = "~/models/qwen2.5-coder-1.5b-q8_0.gguf"

The child (`gguf_child.py`) ends when its standard input does, so it never outlives this process, however that
ends. It listens on this machine only and answers only to a key that is made for it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError, BackendUnavailable
from pilotfish.models.backend import Abilities, Chat, Prompt
from pilotfish.models.breaker import Breaker
from pilotfish.models.options import read_options
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.setup import PresetOptions
from pilotfish.platform.http import Http
from pilotfish.platform.keys import Secret
from pilotfish.settings.model import BackendSettings

if TYPE_CHECKING:
    from pilotfish.models.backend import ModelProfile

CHILD = "pilotfish.models.gguf_child"
SLOTS = 2
END_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class GgufOptions(PresetOptions):
    """`backends.<name>.options`: those of every service, and how llama.cpp runs.

    Attributes:
        threads: how many compute; 0 leaves it to llama.cpp.
        gpu_layers: how many layers a graphics card holds; -1 leaves it to llama.cpp.
    """

    window_tokens: int = 8192
    threads: int = 0
    gpu_layers: int = -1


class Gguf:
    """A model file, and the process that runs it.

    Raises:
        BackendError: the file is not there, or the extra `local` is not installed.
    """

    is_remote = False
    abilities = Abilities(fill=True, chat=True, prefill=True)

    def __init__(self, name: str, settings: BackendSettings, http: Http | None = None) -> None:
        self.name = name
        self._options = read_options(GgufOptions, name, settings.options)
        self._file = Path(settings.model).expanduser()
        if not settings.model or not self._file.is_file():
            raise BackendError(f"backend {name!r}: `backends.{name}.model` is no file: {settings.model!r}")
        if find_spec("xllamacpp") is None:
            raise BackendError(
                f"backend {name!r}: model files need llama.cpp: {sys.executable} -m pip install xllamacpp"
            )
        self._http = http or Http()
        self._owns_http = http is None
        self._key = Secret(secrets.token_urlsafe(32), "made for the child")
        self._service = self._service_at("http://127.0.0.1:0")
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._breaker = Breaker()

    @property
    def profile(self) -> ModelProfile:
        """What is known of the model, by its file's name and by what its server tells."""
        return self._service.profile

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """The answer in pieces; the first one waits for the model to be read.

        Raises:
            BackendError: the file is no model, or the child fails.
        """
        await self._started()
        async with aclosing(self._service.stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        """End the child."""
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, BackendError):
                await self._starting
        await self._end()
        if self._owns_http:
            await self._http.aclose()

    async def _started(self) -> None:
        """Start the child, or wait until it has; who is cancelled meanwhile does not stop it."""
        if self._process is not None and self._process.returncode is None:
            return
        if self._starting is None or self._starting.done():
            self._breaker.check(self.name)
            self._starting = asyncio.ensure_future(self._start())
            self._starting.add_done_callback(self._note)
        await asyncio.shield(self._starting)

    def _note(self, starting: asyncio.Task[None]) -> None:
        """How starting ended; perhaps nobody waits for it any more."""
        error = None if starting.cancelled() else starting.exception()
        if isinstance(error, BackendError):
            self._breaker.failed(error)

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            orders = {
                "file": str(self._file),
                "key": self._key.reveal(),
                "window_tokens": self._options.window_tokens * SLOTS,
                "slots": SLOTS,
                "threads": self._options.threads,
                "gpu_layers": self._options.gpu_layers,
            }
            process.stdin.write(json.dumps(orders).encode() + b"\n")
            url = (await process.stdout.readline()).decode().strip()
            if not url:
                raise BackendUnavailable(
                    f"llama.cpp cannot run {self._file}. Is it a whole GGUF file, and is there memory for it?"
                )
        except BaseException:
            await _end(process)
            raise
        self._process, self._service = process, self._service_at(url)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    def _service_at(self, url: str) -> PresetBackend:
        """The child as a service; the file's name tells the model's family."""
        own = {entry.name for entry in fields(PresetOptions)}
        options = {key: value for key, value in asdict(self._options).items() if key in own}
        settings = BackendSettings(kind="llama.cpp", url=url, model=self._file.stem, options=options)
        return PresetBackend(self.name, settings, self._http, self._key)


async def _end(process: asyncio.subprocess.Process) -> None:
    """By the end of its input; by force if that does not do."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(END_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
