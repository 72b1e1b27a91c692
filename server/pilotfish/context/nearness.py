"""How near two files are in the tree of folders."""

from __future__ import annotations


def nearness(one: str, other: str) -> float:
    """1 in the same folder, 1/2 one folder up or down, and so on; paths are relative, with `/`."""
    here, there = one.split("/")[:-1], other.split("/")[:-1]
    shared = 0
    for left, right in zip(here, there, strict=False):
        if left != right:
            break
        shared += 1
    return 1 / (1 + len(here) + len(there) - 2 * shared)
