"""What becomes of memory that was freed, with glibc: kept for what comes next, or given back.

By itself glibc soon gives large pieces back, and the kernel fills them with zeros, page by page, when they
are taken again. Where the same megabytes are needed over and over that was a twentieth of the time.
"""

from __future__ import annotations

import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As in glibc's `malloc.h`."""

_KEPT_BYTES = 64 << 20
_LARGE_BYTES = 32 << 20


def keep_freed_memory() -> None:
    """From now on keep up to 64 MB of what is freed, but for single pieces of more than 32 MB."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - for Linux alone, and not where nothing is kept

        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
            library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


def give_freed_memory_back() -> None:
    """Give back what is kept, if any is: takes a millisecond."""
    ctypes = sys.modules.get("ctypes")  # Loaded with `keep_freed_memory`, if not before.
    if sys.platform == "linux" and ctypes is not None:
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):
            library.malloc_trim(0)
