"""The model backends that the settings name, each made once and closed when it is not wanted any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError, PilotfishError
from pilotfish.session.background import Background

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.platform.http import Http
    from pilotfish.settings.model import BackendSettings, Settings

EMBEDDED = "embedded"


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
        self._closing = Background()

    def use(self, settings: Settings) -> Mapping[str, Backend]:
        """The backends in these settings, by name; the embedded engine is none of them."""
        named = (*settings.backend, *settings.actions.backend)
        asked = dict.fromkeys((*named, *map(settings.hedge_of, named), settings.embedder or EMBEDDED))
        wanted = {name: settings.backend_settings(name) for name in asked if name != EMBEDDED}
        shared = settings.network.client_certificate, settings.privacy.audit
        for name, (made_with, backend) in list(self._open.items()):
            if wanted.get(name) != made_with or shared != self._shared:
                del self._open[name]
                self._closing.run(backend.aclose())
        if shared != self._shared:
            self._shared = shared
            self._disconnect()
        for name, backend_settings in wanted.items():
            if name not in self._open:
                try:
                    self._open[name] = backend_settings, self._make(name, backend_settings, settings)
                except BackendError as error:
                    self._on_fault(error)
        return {name: backend for name, (_, backend) in self._open.items()}

    async def aclose(self) -> None:
        """Close all of them."""
        for _, backend in self._open.values():
            self._closing.run(backend.aclose())
        self._open.clear()
        self._disconnect()
        await self._closing.finish()

    def _make(self, name: str, table: BackendSettings, settings: Settings) -> Backend:
        """Open one, with the connections that all share."""
        # Most sessions have no backends, and none has one while it starts.
        from pilotfish.models.registry import open_backend  # noqa: PLC0415
        from pilotfish.platform.audit import Audit  # noqa: PLC0415
        from pilotfish.platform.http import Http  # noqa: PLC0415
        from pilotfish.platform.paths import audit_file  # noqa: PLC0415

        self._http = self._http or Http(client_certificate=settings.network.client_certificate)
        audit = Audit(audit_file()) if settings.privacy.audit else None
        return open_backend(name, table, self._http, audit)

    def _disconnect(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            self._closing.run(http.aclose())
