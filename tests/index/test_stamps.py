from pathlib import Path

import pytest

from pilotfish.errors import IndexFault
from pilotfish.index.stamps import (
    NEVER_NS,
    LeftOut,
    Stamp,
    read_left_out,
    read_stamps,
    settled,
    write_left_out,
    write_stamps,
)

STAMPS = [Stamp(0, -5, b"a" * 16), Stamp(2**40, 2**61, bytes(16))]


def test_stamps_are_read_as_they_were_written(tmp_path: Path) -> None:
    for stamps in (STAMPS, []):
        write_stamps(tmp_path / "s", stamps)
        assert read_stamps(tmp_path / "s") == stamps


@pytest.mark.parametrize("data", [b"", b"PFS1", b"PFS2" + bytes(8), b"PFS1" + bytes(8) + b"x"])
def test_damaged_stamps_are_noticed(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "s").write_bytes(data)
    with pytest.raises(IndexFault):
        read_stamps(tmp_path / "s")
    with pytest.raises(IndexFault):
        read_stamps(tmp_path / "missing")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    write_stamps(tmp_path / "s", STAMPS)
    data = bytearray((tmp_path / "s").read_bytes())
    data[-1] ^= 1
    (tmp_path / "s").write_bytes(data)
    with pytest.raises(IndexFault):
        read_stamps(tmp_path / "s")


def test_what_was_left_out_is_remembered_and_if_lost_is_looked_at_again(tmp_path: Path) -> None:
    files = {"a/ö.bin": LeftOut(5, 6, "binary")}
    write_left_out(tmp_path / "l", files)
    assert read_left_out(tmp_path / "l") == files
    for data in (b"", b"[]", b'{"a": [1]}', b'{"a": 1}', b"\xff"):
        (tmp_path / "l").write_bytes(data)
        assert read_left_out(tmp_path / "l") == {}
    assert read_left_out(tmp_path / "missing") == {}


def test_the_time_of_a_file_that_was_just_changed_is_not_trusted() -> None:
    now = 10**18
    assert settled(now - 3 * 10**9, now) == now - 3 * 10**9
    assert settled(now - 10**9, now) == NEVER_NS
    assert settled(now + 10**9, now) == NEVER_NS
