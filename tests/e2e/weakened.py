"""Runs a command that may do less than we may, in this very process: `weakened.py LOG LIMITS COMMAND…`.

LOG takes its standard error. LIMITS is JSON: `as_user` takes away root's right to read and write everything;
`file_bytes` bounds every file that is written, which is how a quota or a full disk looks from inside.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def main(log: str, limits: dict[str, int], command: list[str]) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 2)
    if limits.get("as_user") and os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "root's rights cannot be taken away")
    if "file_bytes" in limits:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_bytes"], limits["file_bytes"]))
    os.execv(command[0], command)


main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:])
