"""The log: one line a record, libraries kept quiet, and a reader who never reads stops nobody."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from pilotfish.platform.logging import log_to, set_level

OURS = logging.getLogger("pilotfish.tests")
THEIRS = logging.getLogger("pygls.tests")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe; the loggers are as before afterwards."""
    reading, writing = os.pipe()
    root = logging.getLogger()
    before = root.level, logging.getLogger("pilotfish").level
    yield reading, writing
    stop_logging()
    root.setLevel(before[0])
    logging.getLogger("pilotfish").setLevel(before[1])
    os.close(reading)
    os.close(writing)


def stop_logging() -> None:
    """Take our handler away, which writes what still waits."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if handler.__class__.__module__ == "pilotfish.platform.logging":
            root.removeHandler(handler)
            handler.close()


def logged(pipe: tuple[int, int]) -> list[str]:
    stop_logging()
    os.set_blocking(pipe[0], False)
    try:
        return os.read(pipe[0], 1_000_000).decode().splitlines()
    except BlockingIOError:
        return []


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["d", "i", "w", "W"]), ("info", ["i", "w", "W"]), ("error", ["W"])],
)
def test_level_is_ours_and_libraries_are_heard_from_warning_up(
    pipe: tuple[int, int], level: str, expected: list[str]
) -> None:
    log_to(pipe[1])
    set_level(level)
    OURS.debug("d")
    OURS.info("i")
    OURS.warning("w")
    THEIRS.debug("D")
    THEIRS.info("I")
    THEIRS.warning("W")
    assert [line.rpartition(" ")[2] for line in logged(pipe)] == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("two\nlines", r"two\nlines"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\u2028é😀", r"\u2028é😀"),
        ("half \ud83d", r"half \ud83d"),
        ("nul \x00", r"nul \x00"),
    ],
)
def test_a_record_is_one_line_of_printable_text(pipe: tuple[int, int], message: str, expected: str) -> None:
    log_to(pipe[1])
    OURS.warning("%s", message)
    (line,) = logged(pipe)
    assert line.endswith(f"WARNING pilotfish.tests: {expected}")


def test_logging_again_replaces_the_former(pipe: tuple[int, int]) -> None:
    log_to(pipe[1])
    log_to(pipe[1])
    OURS.warning("once")
    assert len(logged(pipe)) == 1


def test_nobody_reads_and_nobody_waits(pipe: tuple[int, int]) -> None:
    log_to(pipe[1])
    for _ in range(3_000):  # far more than a pipe and the queue hold
        OURS.warning("x" * 200)
    assert 0 < len(logged(pipe)) < 3_000


def test_a_reader_who_is_gone_is_no_error(pipe: tuple[int, int]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    log_to(writing)
    OURS.warning("one")
    OURS.warning("two")
    stop_logging()
    os.close(writing)
