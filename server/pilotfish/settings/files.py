"""Reading a settings file: whatever stands in it, at worst one fault comes of it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from pilotfish.errors import SettingsFault
from pilotfish.settings.value import quoted

WORKSPACE_FILE = ".pilotfish.toml"
"""Stands in a workspace folder."""

_MAX_BYTES = 1_000_000


def read_toml(path: Path) -> tuple[dict[str, Any], SettingsFault | None]:
    """The tables of a TOML file; empty where there is no such file, and with a fault where it is unusable."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would make us wait, a device has no end
            return {}, SettingsFault(str(path), "is not a file, so it is not read")
        if status.st_size > _MAX_BYTES:
            return {}, SettingsFault(str(path), f"is larger than {_MAX_BYTES} bytes, so it is not read")
        data = path.read_bytes()
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, SettingsFault(str(path), f"cannot be read: {error.strerror or error}")
    import tomllib  # noqa: PLC0415 - most folders have no such file, and start-up counts milliseconds

    try:
        return tomllib.loads(data.decode("utf-8-sig")), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        return {}, SettingsFault(
            str(path), f"is not UTF-8 (at line {line}, byte {column}), so it is not used"
        )
    except RecursionError:
        return {}, SettingsFault(str(path), "is nested too deeply, so it is not used")
    except ValueError as error:  # TOMLDecodeError, and numbers too long for Python
        return {}, SettingsFault(str(path), f"is not TOML, so it is not used: {_one_line(str(error))}")


def _one_line(text: str) -> str:
    return text if len(text) <= 200 and text.isprintable() else quoted(text)
