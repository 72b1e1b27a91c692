"""The editor's process: a server whose editor has died must not stay behind."""

from __future__ import annotations

import asyncio
import os
import sys

_LOOK_EVERY_S = 3.0


def exists(pid: int) -> bool:
    """Whether there is such a process. False also where it cannot be seen from here (another container)."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _exists_on_windows(pid)
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


async def gone(pid: int) -> None:
    """Wait until the process has ended."""
    while exists(pid):  # noqa: ASYNC110 - no system tells one process of another's end without being its parent
        await asyncio.sleep(_LOOK_EVERY_S)


def _exists_on_windows(pid: int) -> bool:
    """`os.kill(pid, 0)` would end the process there."""
    import ctypes  # noqa: PLC0415 - for Windows alone

    synchronize, timeout = 0x00100000, 0x00000102
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    process = kernel.OpenProcess(synchronize, False, pid)
    if not process:
        return False
    running: bool = kernel.WaitForSingleObject(process, 0) == timeout
    kernel.CloseHandle(process)
    return running
