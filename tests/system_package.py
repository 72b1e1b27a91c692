"""Programs that no wheel brings: installed where this may be done, otherwise named with what to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def provide(what: str, command: str, is_there: Callable[[], bool]) -> int:
    """See to it that a program is there; the exit code of a script that does so.

    Args:
        what: for the person who has to install it by hand.
        command: of apt, which is run where there is apt and the right to use it.
        is_there: whether it is.
    """
    if is_there():
        return 0
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install:
        subprocess.run(["apt-get", "update", "--quiet"], check=False)
        subprocess.run(command.split(), check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if is_there():
        return 0
    print(f"The tests need {what}. Install it, for example by: sudo {command}", file=sys.stderr)
    return 1
