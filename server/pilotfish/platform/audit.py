"""What left this machine, written down on the user's own disk when the setting `privacy.audit` asks for it.

One JSON object a line: `time` (UTC), `host`, `backend`, `bytes` of the text, `redactions` (how many
secret-looking strings were taken out before) and the `text` itself. It holds source code, so only this user
can read it, and it does not grow: a full file becomes the older one, and the one before that is dropped.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from pilotfish.errors import BackendError, IndexFault
from pilotfish.platform.paths import make_private

MAX_FILE_BYTES = 20_000_000
_LOCK_WAIT_S = 1.0  # another server of this user writes its line: a matter of a millisecond


class Audit:
    """The record in one file, which several processes may write.

    Args:
        path: the newer of the two files; the older one has `.1` after its name.
        max_file_bytes: the size at which a file is full.
    """

    def __init__(self, path: Path, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        self._path = path
        self._older = path.with_name(f"{path.name}.1")
        self._max_file_bytes = max_file_bytes

    def record(self, backend: str, host: str, text: str, redactions: int) -> None:
        """Write one line. To be called before the text is sent: what cannot be recorded is not sent.

        Raises:
            BackendError: it cannot be written.
        """
        # A lone surrogate, which an editor may send, is no UTF-8: it goes as a question mark.
        sent = text.encode("utf-8", "replace")
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "host": host,
            "backend": backend,
            "bytes": len(sent),
            "redactions": redactions,
            "text": sent.decode(),
        }
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        from filelock import FileLock, Timeout  # noqa: PLC0415 - most sessions have no audit

        try:
            make_private(self._path.parent)
            with FileLock(f"{self._path}.lock", timeout=_LOCK_WAIT_S, mode=0o600):
                self._append(line)
        except (OSError, Timeout, IndexFault) as error:
            reason = getattr(error, "strerror", None) or error
            raise BackendError(
                f"Nothing is sent to {host}, since the audit record cannot be written ({reason}). "
                f"Make room for {self._path}, or switch `privacy.audit` off."
            ) from error

    def _append(self, line: bytes) -> None:
        size = self._path.stat().st_size if self._path.exists() else 0
        if size and size + len(line) > self._max_file_bytes:
            self._path.replace(self._older)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(descriptor, line) != len(line):
                raise OSError(0, "the disk is full")
        finally:
            os.close(descriptor)
