"""The indexer's own ears: a thread that hears of changed files, where the editor does not tell of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pilotfish.errors import IndexFault
from pilotfish.index.inbox import Inbox
from pilotfish.platform.files import concerns_rules
from pilotfish.platform.ignore import IgnoreRules
from pilotfish.platform.tracked import tracked_though_ignored
from pilotfish.platform.watch import changes
from pilotfish.settings.files import WORKSPACE_FILE

log = logging.getLogger(__name__)


@contextmanager
def watching(root: Path, exclude: Sequence[str], inbox: Inbox, begin: threading.Event) -> Iterator[None]:
    """Meanwhile, changes below the root are put into the inbox; where that cannot be, it is logged once.

    Args:
        root: the workspace folder.
        exclude: the setting's globs.
        inbox: hears also, as a sweep, that from now on nothing is missed.
        begin: once this is set; it is after the first look through the files, which this would slow down.
    """
    stop = threading.Event()
    task = (root, exclude, inbox, begin, stop)
    thread = threading.Thread(target=_watch, args=task, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        begin.set()
        thread.join()


def _watch(
    root: Path, exclude: Sequence[str], inbox: Inbox, begin: threading.Event, stop: threading.Event
) -> None:
    def rules() -> IgnoreRules:
        return IgnoreRules(root, exclude, tracked_though_ignored(root))

    begin.wait()
    try:
        for paths in changes(root, rules, stop):
            if not paths:
                inbox.put({"do": "sweep"})
            else:
                noticed = [path for path in paths if _concerns_the_session(path)]
                inbox.put({"do": "changed", "paths": list(paths), "noticed": noticed})
    except IndexFault as fault:
        log.warning("%s; changes are found by looking through the files now and then.", fault)


def _concerns_the_session(path: str) -> bool:
    """Whether the server reads this file itself, and so has to be told."""
    return concerns_rules(path) or path.rpartition("/")[2] == WORKSPACE_FILE
