"""How near two files are in the tree of folders."""

from __future__ import annotations


class Nearness(dict[str, float]):
    """How near files are to one, by their paths: relative, with `/`; each is worked out once.

    1 in the same folder, 1/2 one folder up or down, and so on.

    Attributes:
        own: the path of the file itself.
    """

    def __init__(self, own: str) -> None:
        super().__init__()
        self.own = own
        self._folders = own.split("/")[:-1]

    def __missing__(self, path: str) -> float:
        here, there = self._folders, path.split("/")[:-1]
        shared = 0
        for left, right in zip(here, there, strict=False):
            if left != right:
                break
            shared += 1
        self[path] = found = 1 / (1 + len(here) + len(there) - 2 * shared)
        return found
