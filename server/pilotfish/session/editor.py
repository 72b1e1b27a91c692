"""What a session may say to the editor; `lsp/` puts it into the protocol's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pilotfish.errors import PilotfishError
    from pilotfish.session.status import Status


class Editor(Protocol):
    """The other end of the connection."""

    def report(self, error: PilotfishError) -> None:
        """Something went wrong that the user should be able to find out about."""
        ...

    def show_status(self, status: Status) -> None:
        """The status is now this one; called only when it differs from the last."""
        ...
