"""The model backends that the settings name, each made once and closed when it is not wanted any more."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError, PilotfishError
from pilotfish.session.background import Background
from pilotfish.settings.model import EMBEDDED

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.platform.http import Http
    from pilotfish.settings.model import BackendSettings, Settings

_LOADED = ("pilotfish.models.registry", "pilotfish.models.preset_backend", "pilotfish.context.sources")
"""What asking a model takes. Most sessions ask none, and their start does not wait for it."""


class Backends:
    """Keeps a backend for as long as its part of the settings stays the same.

    Args:
        on_fault: called with why a backend cannot be used; the others are.
    """

    def __init__(self, on_fault: Callable[[PilotfishError], None]) -> None:
        self._on_fault = on_fault
        self._open: dict[str, tuple[BackendSettings, Backend]] = {}
        self._http: Http | None = None
        self._shared: tuple[str, bool] | None = None
        self._background = Background()

    def must_load(self, settings: Settings) -> bool:
        """Whether `use` would import for 40 ms, and the first question for as long, which holds the loop."""
        return bool(_named(settings)) and any(name not in sys.modules for name in _LOADED)

    async def load(self, settings: Settings, then: Callable[[], None]) -> None:
        """If so, import it in a thread, and go on."""
        if self.must_load(settings):
            for name in _LOADED:
                await asyncio.to_thread(import_module, name)
            then()

    def use(self, settings: Settings) -> Mapping[str, Backend]:
        """The backends in these settings, by name; the embedded engine is none of them."""
        wanted = {name: settings.backend_settings(name) for name in _named(settings)}
        shared = settings.network.client_certificate, settings.privacy.audit
        for name, (made_with, backend) in list(self._open.items()):
            if wanted.get(name) != made_with or shared != self._shared:
                del self._open[name]
                self._background.run(backend.aclose())
        if shared != self._shared:
            self._shared = shared
            self._disconnect()
        for name, backend_settings in wanted.items():
            if name not in self._open:
                try:
                    self._open[name] = backend_settings, self._make(name, backend_settings, settings)
                except BackendError as error:
                    self._on_fault(error)
        opened = {name: backend for name, (_, backend) in self._open.items()}
        if opened:
            from pilotfish.models.outgoing import shut  # noqa: PLC0415 - see `_make`

            for backend in opened.values():
                shut(backend, is_shut=settings.privacy.local_only)
        return opened

    async def aclose(self) -> None:
        """Close all of them."""
        for _, backend in self._open.values():
            self._background.run(backend.aclose())
        self._open.clear()
        self._disconnect()
        await self._background.finish()

    async def _warm_up(self, http: Http, backend: Backend) -> None:
        """Load in threads what the first question would wait for, and hold the loop with."""
        from pilotfish.platform.keys import system_keyring  # noqa: PLC0415 - see `_make`

        with suppress(BackendError):  # The first question meets it again, and tells.
            await http.warm_up(secure=backend.is_remote)
        if backend.is_remote:
            with suppress(BackendError):  # Opened, and not asked: that might make the system ask the user.
                await asyncio.to_thread(system_keyring)

    def _make(self, name: str, table: BackendSettings, settings: Settings) -> Backend:
        """Open one, with the connections that all share."""
        # Most sessions have no backends, and none has one while it starts.
        from pilotfish.models.registry import open_backend  # noqa: PLC0415
        from pilotfish.platform.audit import Audit  # noqa: PLC0415
        from pilotfish.platform.http import Http  # noqa: PLC0415
        from pilotfish.platform.paths import audit_file  # noqa: PLC0415

        self._http = self._http or Http(client_certificate=settings.network.client_certificate)
        audit = Audit(audit_file()) if settings.privacy.audit else None
        backend = open_backend(name, table, self._http, audit)
        if hasattr(backend, "expect"):  # it connects by itself
            self._background.run(self._warm_up(self._http, backend))
        return backend

    def _disconnect(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            self._background.run(http.aclose())


def _named(settings: Settings) -> list[str]:
    """All that may be asked for anything, each once."""
    asked = (*settings.backend, *settings.actions.backend)
    names = dict.fromkeys((*asked, *map(settings.hedge_of, asked), settings.embedder or EMBEDDED))
    return [name for name in names if name != EMBEDDED]
