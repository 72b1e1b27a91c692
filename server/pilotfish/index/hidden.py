"""Hiding files of the index that do not count at the moment: they are open, or to be read again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np

from pilotfish.index.segment import path_id
from pilotfish.index.view import IndexView


def without(view: IndexView, files: Collection[Path]) -> IndexView:
    """The same view, in which nothing of these files counts.

    Args:
        view: of any number of workspace folders.
        files: paths without links on the way; those outside the folders are passed over.
    """
    identities = {
        root: np.array([path_id(_name(file, root)) for file in files if file.is_relative_to(root)], np.uint64)
        for root in {each.root for each in view.segments}
    }
    segments = []
    for each in view.segments:
        hidden = np.flatnonzero(np.isin(each.segment.path_ids, identities[each.root]))
        segments.append(replace(each, dead=each.dead | frozenset(hidden.tolist())) if len(hidden) else each)
    return replace(view, segments=tuple(segments))


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
