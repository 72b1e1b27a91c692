"""Files that change on disk, as the operating system tells of them: for editors that do not.

The one room that knows watchfiles. Linux counts each watched folder against a bound that all programs of the
user share, so only folders that may hold source are watched there, one by one, and of that bound at most half
is taken; macOS and Windows watch a tree as one thing. Nothing is polled: on a network disk the system does
not hear what other machines write, and where it cannot watch at all this says so. Whoever uses it looks
through the files now and then besides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pilotfish.errors import IndexFault
from pilotfish.platform.files import concerns_rules, folders_of, is_folder

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

    from pilotfish.platform.ignore import IgnoreRules

QUIET_MS = 100
"""A change is told of after so long without another one."""
LONGEST_MS = 500
"""Where changes do not cease, they are told of this often."""

_BOUND = Path("/proc/sys/fs/inotify/max_user_watches")
_SHARE = 2
_TRIES = 3


class Stop(Protocol):
    """What `threading.Event` is."""

    def is_set(self) -> bool:
        """Whether to end."""
        ...


def changes(
    root: Path,
    rules: Callable[[], IgnoreRules],
    stop: Stop,
    *,
    as_tree: bool = sys.platform in ("darwin", "win32"),
) -> Iterator[frozenset[str]]:
    """Paths that were made, written or deleted, relative to the root, with `/`, until `stop` is set.

    The first set is empty: from then on nothing is missed. A folder stands for all that is in it, and for
    folders made in it. Paths that the rules leave out are passed over. Blocks; for a thread that is joined.

    Args:
        root: the folder, without links on the way.
        rules: what is left out; called again when an ignore file or a folder has come.
        stop: looked at every tenth of a second.
        as_tree: watch the root with all below it as one thing.

    Raises:
        IndexFault: the system does not watch this folder, or not so many.
    """
    known, told = rules(), frozenset[str]()
    while not stop.is_set():
        with closing(_open(root, known, as_tree=as_tree)) as notify:
            yield told
            while True:
                told = _next(notify, root, known, stop)
                if stop.is_set() or any(map(concerns_rules, told)):
                    break
                if not as_tree and any(is_folder(root / path) for path in told):
                    break
                if told:
                    yield told
        known = rules()


def _open(root: Path, rules: IgnoreRules, *, as_tree: bool) -> RustNotify:
    """Begin to watch."""
    from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError  # noqa: PLC0415 - seldom needed

    for _ in range(_TRIES):
        folders = [str(root)] if as_tree else [str(root / path) for path in folders_of(rules)]
        if not folders:
            continue
        if not as_tree and len(folders) > _bound():
            raise IndexFault(f"{root} has {len(folders)} folders, too many to watch")
        try:
            return RustNotify(folders, False, False, 0, as_tree, False)
        except FileNotFoundError:
            continue  # A folder went away since it was listed.
        except (OSError, UnicodeEncodeError, WatchfilesRustInternalError) as error:
            raise IndexFault(f"the system does not watch {root} ({error})") from error
    raise IndexFault(f"{root} is not there, or its folders come and go too fast to watch")


def _next(notify: RustNotify, root: Path, rules: IgnoreRules, stop: Stop) -> frozenset[str]:
    """What has changed, as soon as something has; empty where it is nothing of interest."""
    said = notify.watch(LONGEST_MS, QUIET_MS, 0, stop)
    if isinstance(said, str):
        return frozenset()
    relative = {os.path.relpath(path, root).replace(os.sep, "/") for _, path in said}
    return frozenset(path for path in relative if path != "." and not _is_left_out(root, rules, path))


def _is_left_out(root: Path, rules: IgnoreRules, path: str) -> bool:
    if concerns_rules(path):
        return False
    return rules.folder(path) is None if is_folder(root / path) else rules.ignores(path)


def _bound() -> int:
    """How many folders we may watch on Linux: a share of what the user's programs may together."""
    try:
        return int(_BOUND.read_text()) // _SHARE
    except (OSError, ValueError):
        return sys.maxsize
