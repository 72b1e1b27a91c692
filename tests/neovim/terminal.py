"""A real terminal for tests: tmux. Run as a script it is installed, where this may be done."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.system_package import provide

COMMAND = "apt-get install --yes --no-install-recommends tmux"
DEADLINE_S = 15.0


class Terminal:
    """One window of a tmux of its own."""

    def __init__(self, socket: Path) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        return subprocess.run(
            [*self._tmux, *arguments], env=environment, capture_output=True, text=True, check=True, timeout=20
        ).stdout

    def close(self) -> None:
        """End what runs there; what has ended by itself has taken the terminal with it."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False, timeout=20)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names; what is none is typed as it is."""
        self.run("send-keys", *keys)

    def type(self, text: str) -> None:
        """The text as it is."""
        self.run("send-keys", "-l", text)

    def rows(self, *, colours: bool = False) -> list[str]:
        """What stands there; with colours, as the escape sequences that the terminal was sent."""
        return self.run("capture-pane", "-p", *(["-e"] if colours else [])).split("\n")

    def until(self, text: str) -> list[str]:
        """The screen, once this text is on it."""
        due = time.monotonic() + DEADLINE_S
        while text not in "\n".join(rows := self.rows()):
            assert time.monotonic() < due, f"{text!r} is not on the screen:\n" + "\n".join(rows)
            time.sleep(0.02)
        return rows


@contextmanager
def terminal(
    folder: Path, command: list[str], environment: Mapping[str, str], size: tuple[int, int] = (90, 16)
) -> Iterator[Terminal]:
    """A terminal in which this runs."""
    found = Terminal(folder / "tmux")
    columns, rows = map(str, size)
    given = {**environment, "TERM": "xterm-256color"}
    found.run("new-session", "-d", "-x", columns, "-y", rows, *command, environment=given)
    try:
        yield found
    finally:
        found.close()


if __name__ == "__main__":
    sys.exit(provide("tmux", COMMAND, lambda: shutil.which("tmux") is not None))
