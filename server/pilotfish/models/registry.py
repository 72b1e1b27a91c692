"""Finding a backend by its kind, through the entry-point group that third parties use as well."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError
from pilotfish.models.allowance import Allowance
from pilotfish.models.outgoing import Outgoing
from pilotfish.platform.paths import tokens_directory

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.platform.audit import Audit
    from pilotfish.platform.http import Http
    from pilotfish.settings.model import BackendSettings

GROUP = "pilotfish.backends"


def open_backend(
    name: str, settings: BackendSettings, http: Http | None = None, audit: Audit | None = None
) -> Backend:
    """Make the backend that the settings call `name`; a remote one stands behind the door of `outgoing.py`.

    Args:
        name: what the settings call it.
        settings: its table.
        http: the connections that a session shares.
        audit: where what leaves this machine is recorded, if the user wants that.

    Raises:
        BackendError: no such kind is installed, or the backend refuses its settings.
    """
    kinds = {entry.name: entry for entry in entry_points(group=GROUP)}
    if settings.kind not in kinds:
        known = ", ".join(sorted(kinds)) or "none"
        raise BackendError(
            f"backend {name!r}: no kind {settings.kind!r} is installed. "
            f"Set `backends.{name}.kind` to one of these: {known}."
        )
    try:
        backend: Backend = kinds[settings.kind].load()(name, settings, http)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BackendError(f"backend {name!r} of kind {settings.kind!r} cannot be used: {error}") from error
    if not backend.is_remote:
        return backend
    return Outgoing(backend, Allowance(tokens_directory(), name, settings), audit)
