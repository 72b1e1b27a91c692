"""Where pilotfish keeps things on each system, and making those places private.

`platformdirs` knows the conventions (XDG variables on Linux, `~/Library` on macOS, known folders on Windows);
it is imported when a path is first asked for, since it costs milliseconds that `initialize` does not have.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from pilotfish.errors import IndexFault

_NAME = "pilotfish"


def config_file() -> Path | None:
    """The user's own settings file, which need not exist; None where the user has no home directory."""
    directory = _user_directory("user_config_path")
    return directory and directory / "config.toml"


def cache_directory() -> Path:
    """Everything below may be deleted at any time. Not created here.

    Without a home directory (a container with a user of its own) it lies in the temporary folder.
    """
    directory = _user_directory("user_cache_path")
    if directory is not None:
        return directory
    import tempfile  # noqa: PLC0415 - hardly ever needed

    return Path(tempfile.gettempdir()) / f"{_NAME}-{os.getuid() if os.name == 'posix' else 'cache'}"


def index_directory(root: Path) -> Path:
    """Where the index of one workspace folder lives: a readable name and the hash of the resolved path.

    Two spellings of one folder share one index.
    """
    resolved = root.resolve()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", resolved.name).strip("-").lower()[:40] or "root"
    spelled = os.fsencode(os.path.normcase(resolved))
    return cache_directory() / "index" / f"{slug}-{hashlib.sha256(spelled).hexdigest()[:16]}"


def embeddings_directory() -> Path:
    """Where vectors of code lie, those of all workspaces together (`index/vectors.py`)."""
    return cache_directory() / "embeddings"


def trace_file() -> Path:
    """The bounded file of traces that `pilotfish explain` and `stats` read."""
    return cache_directory() / "traces.jsonl"


def audit_file() -> Path:
    """The record of what left this machine (`platform/audit.py`).

    It is the user's and not to be deleted with a cache, so it lies where systems keep such logs; without a
    home directory it lies where the cache does.
    """
    return (_user_directory("user_state_path") or cache_directory()) / "audit.jsonl"


def tokens_directory() -> Path:
    """The counts of tokens to and from other machines, a file a day (`models/allowance.py`)."""
    return (_user_directory("user_state_path") or cache_directory()) / "tokens"


def keyed_hosts_file() -> Path:
    """The hosts for which `pilotfish auth` has kept a key in the system's keyring (`platform/keys.py`)."""
    return (_user_directory("user_state_path") or cache_directory()) / "keyed-hosts"


def stats_directory() -> Path:
    """The counts of how completions fare, a file a day (`session/tally.py`)."""
    return (_user_directory("user_state_path") or cache_directory()) / "stats"


def completions_directory() -> Path:
    """Completions that were paid for or took long (`completion/stored.py`)."""
    return cache_directory() / "completions"


def make_private(directory: Path) -> Path:
    """Make sure that a directory exists, that only this user can enter it, and that it can be written to.

    Raises:
        IndexFault: with the reason, in a sentence.
    """
    try:
        for level in (*reversed(directory.parents), directory):
            level.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix" and directory.stat().st_mode & 0o077:
            directory.chmod(0o700)
    except OSError as error:
        raise IndexFault(f"cannot use the folder {directory}: {error.strerror or error}") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise IndexFault(f"cannot write to the folder {directory}: give yourself write access to it")
    return directory


def _user_directory(which: str) -> Path | None:
    """A directory of `platformdirs`, by its function's name; None where there is no home to put it in."""
    import platformdirs  # noqa: PLC0415 - see the module's docstring

    try:
        directory: Path = getattr(platformdirs, which)(_NAME, appauthor=False)
    except RuntimeError:
        return None
    return directory if directory.is_absolute() else None  # older versions return `~/…` as it is
