"""Reading one TOML file: the worst that comes of it is one fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotfish.settings.files import read_toml


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a = 1\nb = \n", "is not TOML, so it is not used: Invalid value (at line 2, column 5)"),
        (b"\xff\xfea\0", "is not UTF-8 (at line 1, byte 1), so it is not used"),
        (b"# ok\n# caf\xe9\n", "is not UTF-8 (at line 2, byte 6), so it is not used"),
        (b"a = \0", "is not TOML, so it is not used: Invalid value (at line 1, column 5)"),
        (b"#" * 1_000_001, "is larger than 1000000 bytes, so it is not read"),
        (b"a = " + b"[" * 100_000, "is nested too deeply, so it is not used"),
        (b"a = " + b"9" * 10_000, "is not TOML, so it is not used: "),
    ],
)
def test_an_unusable_file_is_one_fault(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    options, fault = read_toml(path)
    assert options == {}
    assert str(fault).startswith(f"{path}: {problem}")


def test_a_good_file_and_none_at_all(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert read_toml(path) == ({}, None)
    path.write_bytes("\ufeff[log]\r\nlevel = 'é'\r\n".encode())
    assert read_toml(path) == ({"log": {"level": "é"}}, None)


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for ever
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "endless", "folder"):
        assert read_toml(tmp_path / name)[1] is not None
    assert "cannot be read" in str(read_toml(tmp_path / "loop")[1])
