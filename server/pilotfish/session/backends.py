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
        self._certificate = ""
        self._closing = Background()

    def use(self, settings: Settings) -> Mapping[str, Backend]:
        """The backends in these settings, by name; the embedded engine is none of them."""
        wanted = {name: settings.backend_settings(name) for name in settings.backend if name != EMBEDDED}
        certificate = settings.network.client_certificate
        for name, (made_with, backend) in list(self._open.items()):
            if wanted.get(name) != made_with or certificate != self._certificate:
                del self._open[name]
                self._closing.run(backend.aclose())
        http = self._connections(certificate) if wanted else None
        for name, backend_settings in wanted.items():
            if name not in self._open:
                from pilotfish.models.registry import open_backend  # noqa: PLC0415 - most sessions have none

                try:
                    self._open[name] = backend_settings, open_backend(name, backend_settings, http)
                except BackendError as error:
                    self._on_fault(error)
        return {name: backend for name, (_, backend) in self._open.items()}

    async def aclose(self) -> None:
        """Close all of them."""
        for _, backend in self._open.values():
            self._closing.run(backend.aclose())
        self._open.clear()
        if self._http is not None:
            self._closing.run(self._http.aclose())
        await self._closing.finish()

    def _connections(self, certificate: str) -> Http:
        """What all backends share; made anew when our certificate for servers is another one."""
        if self._http is None or certificate != self._certificate:
            from pilotfish.platform.http import Http  # noqa: PLC0415 - most sessions have no backends

            if self._http is not None:
                self._closing.run(self._http.aclose())
            self._http, self._certificate = Http(client_certificate=certificate), certificate
        return self._http
