"""`python -m pilotfish.index`: the indexer process, see `index/worker.py`."""

import os
import sys
from contextlib import suppress

from pilotfish.index.worker import main


def be_humble() -> None:
    """Let everything else on the machine go first; on Windows the parent has seen to that.

    Linux is told besides that this is work in the background: it then never takes a processor from the server
    before its turn is over, while the server takes it from this process as soon as a key was pressed.
    """
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(10)
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


if __name__ == "__main__":
    be_humble()
    sys.exit(main(sys.argv[1:]))
