"""What is held of one workspace folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.session.status import IndexState, IndexStatus

if TYPE_CHECKING:
    from pilotfish.index.catalog_reader import CatalogReader
    from pilotfish.index.process import IndexerProcess
    from pilotfish.index.reader import IndexReader
    from pilotfish.settings.model import IndexSettings


@dataclass(slots=True)
class Folder:
    """One workspace folder: who reads its index, who writes it, and how far that is.

    Attributes:
        made_with: what it is indexed with: its settings, and whether the client tells of changes.
        unsettled: files that were reported to have changed, each with the number of the report. Until the
            indexer says that it has heard of it, the index may tell of text that is gone.
        is_followed: another server's indexer writes this index, and hears of changes from its own editor.
    """

    root: Path
    reader: IndexReader
    catalog: CatalogReader
    indexer: IndexerProcess
    made_with: tuple[IndexSettings, bool]
    status: IndexStatus = field(default=IndexStatus(IndexState.BUILDING))
    left_out: str | None = None
    is_followed: bool = False
    unsettled: dict[Path, int] = field(default_factory=dict)
