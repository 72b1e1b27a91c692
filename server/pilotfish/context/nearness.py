"""How near two files are in the tree of folders."""

from __future__ import annotations


class Nearness(dict[str, float]):
    """How near files are to one, by their paths: relative, with `/`; each folder is worked out once.

    1 in the same folder, 1/2 one folder up or down, and so on.

    Attributes:
        own: the path of the file itself.
    """

    def __init__(self, own: str) -> None:
        super().__init__()
        self.own = own
        self._here = own.split("/")[:-1]
        self._folders: dict[str, float] = {}

    def __missing__(self, path: str) -> float:
        folder = path.rpartition("/")[0]
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = self._of_folder(folder)
        self[path] = found
        return found

    def _of_folder(self, folder: str) -> float:
        here, there = self._here, folder.split("/") if folder else []
        shared = 0
        for left, right in zip(here, there, strict=False):
            if left != right:
                break
            shared += 1
        return 1 / (1 + len(here) + len(there) - 2 * shared)
