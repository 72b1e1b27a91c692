"""Cycles of objects are looked for less often for a while, and as before again afterwards."""

from __future__ import annotations

import gc

import pytest

from pilotfish.platform.cycles import collecting_seldom


def test_it_is_as_before_afterwards_whatever_happens() -> None:
    before = gc.get_threshold()

    def fail() -> None:
        with collecting_seldom():
            assert gc.get_threshold()[0] > before[0]
            assert gc.get_threshold()[1:] == before[1:]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.get_threshold() == before
