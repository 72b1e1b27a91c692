"""What becomes of memory that was freed: kept for what comes next, or given back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As in glibc's `malloc.h`."""

_KEPT_BYTES = 64 << 20
_LARGE_BYTES = 32 << 20


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Keep up to 64 MB of what is freed meanwhile, and give all back at the end; with glibc alone.

    By itself it soon gives large pieces back, which the kernel fills with zeros, page by page, when they are
    taken again: where the same megabytes are needed over and over, that was a twentieth of the time.
    """
    if sys.platform != "linux":
        yield
        return
    import ctypes  # noqa: PLC0415 - for Linux alone

    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        yield
        return
    library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
    library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
    try:
        yield
    finally:
        library.malloc_trim(0)
