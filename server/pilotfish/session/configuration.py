"""Who has said what about the folders and the settings, and what follows from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pilotfish.platform.paths import config_file
from pilotfish.platform.secrets import is_secret_path
from pilotfish.settings.files import WORKSPACE_FILE
from pilotfish.settings.load import load
from pilotfish.settings.model import Settings


def locate(path: Path) -> Path:
    """Where a file really lies: an editor names it as its user came to it, the index without links.

    A link that is named like a secret keeps its name, and so is treated as one.
    """
    return path if is_secret_path(path) else Path(os.path.realpath(path))


class Configuration:
    """The workspace's folders and the settings that hold in them.

    Attributes:
        settings: as resolved from everything that was said so far.
        faults: what could not be used of it.
        folders: what is indexed of each folder: that one's own file holds for it, and no other's.
    """

    def __init__(self, roots: Sequence[Path], options: object) -> None:
        self._real = {root: root.resolve() for root in roots}
        self._said = {"initializationOptions": options}
        self.read()

    @property
    def roots(self) -> list[Path]:
        """The workspace's folders, without links on the way."""
        return list(self._real.values())

    def read(self) -> None:
        """Read the settings' files anew, and resolve everything."""
        self.settings, self.faults = load(config_file(), self.roots, self._said)
        self.folders = {root: self._read_for(root).index for root in self.roots}

    def _read_for(self, root: Path) -> Settings:
        """The settings as if this were the only folder."""
        return self.settings if self.roots == [root] else load(config_file(), [root], self._said)[0]

    def is_read_from(self, file: Path) -> bool:
        """Whether this located file is one of settings. The user's own is often a link."""
        own = config_file()
        return file.name == WORKSPACE_FILE or (own is not None and file == locate(own))

    def say(self, source: str, options: object) -> bool:
        """The editor says these options in `source` from now on; whether that is anything new."""
        if self._said.get(source) == options:
            return False
        self._said[source] = options
        self.read()
        return True

    def change_roots(self, added: Sequence[Path], removed: Sequence[Path]) -> None:
        """Folders came and went, and their settings' files with them."""
        self._real = {root: real for root, real in self._real.items() if root not in removed}
        self._real |= {root: root.resolve() for root in added}
        self.read()
