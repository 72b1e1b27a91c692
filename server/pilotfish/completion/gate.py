"""Whether a request is worth going on with; the reasons are the words that users read in a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.platform.secrets import is_secret_path

if TYPE_CHECKING:
    from pilotfish.settings.model import CompletionSettings


def gate(request: CompletionRequest, settings: CompletionSettings, *, paused: bool) -> str | None:
    """Why nothing is offered here, or None to go on.

    Off means off for every request; a disabled language can still be asked for by hand.
    """
    document = request.document
    if paused:
        return "paused"
    if not settings.enabled:
        return "disabled"
    if request.trigger is Trigger.AUTOMATIC and document.language_id in settings.disabled_languages:
        return "disabled_language"
    if document.path is not None and is_secret_path(document.path):
        return "secret_file"
    if len(document.lines) > settings.max_file_lines:
        return "huge_file"
    if len(document.lines[request.position.line]) > settings.max_line_chars:
        return "huge_line"
    return None
