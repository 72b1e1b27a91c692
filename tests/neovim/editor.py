"""A real Neovim with its screen: keys go in, and what is drawn, held and saved comes out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.neovim.install import ROOT, Neovim
from tests.neovim.rpc import Rpc, RpcError
from tests.neovim.screen import Frame, Screen

PLUGIN = ROOT / "clients" / "neovim"
INIT = Path(__file__).with_name("init.lua")
DEADLINE_S = 15.0
# The groups that ghost text is drawn in: those of Neovim 0.12 itself, and the plugin's.
GHOST = frozenset({"ComplHint", "ComplHintMore", "PilotfishGhost", "PilotfishGhostMore"})


class Editor:
    """One running Neovim. What it draws is in `screen`; `until` waits for whatever is to become so."""

    def __init__(
        self,
        neovim: Neovim,
        folder: Path,
        *,
        workspace: Path,
        init: Path = INIT,
        arguments: Sequence[str | Path] = (),
        environment: Mapping[str, str] | None = None,
        size: tuple[int, int] = (100, 24),
    ) -> None:
        self.screen = Screen()
        self._rpc = Rpc(
            [neovim.program, "--embed", "-u", init, "-i", "NONE", "-n", *arguments],
            {**own_environment(neovim, folder), **(environment or {})},
            workspace,
            self._notified,
        )
        self.folder, self.workspace = folder, workspace
        self.process = self._rpc.process
        self.request("nvim_ui_attach", *size, {"rgb": True, "ext_linegrid": True, "ext_hlstate": True})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._rpc.close()

    def _notified(self, method: str, arguments: list[Any], at: float) -> None:
        if method == "redraw":
            self.screen.redraw(arguments, at)

    # --- what a user does -------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """Real keys, in Neovim's notation; a `<` that is meant itself is `<lt>`."""
        self._rpc.notify("nvim_input", keys)

    def type(self, text: str, *, after: str = "") -> None:
        """The text as keys, together with those that come before it, in Neovim's notation."""
        self.press(after + text.replace("<", "<lt>").replace("\n", "<CR>"))

    def type_slowly(self, text: str, pause_s: float = 0.03) -> None:
        """Key by key, as somebody does who looks at what comes."""
        for character in text:
            self.type(character)
            time.sleep(pause_s)

    def command(self, command: str) -> None:
        self.request("nvim_command", command)

    def open(self, path: Path | str) -> None:
        self.command(f"edit {path}")

    def until_text(self, text: str) -> None:
        """Wait until this is what the buffer holds."""
        self.until(lambda: self.text() == text, f"the text {text!r}")

    def _account(self) -> str:
        """For whoever reads that a test failed."""
        told = [f"ghost text: {self.ghost()!r}", "the screen:", *self.lines(), "the server:"]
        with suppress(RpcError):
            told += [f"{trace['decision']} {trace['stages']}" for trace in self.traces(4)]
        return "\n".join(told)

    # --- what is so -------------------------------------------------------------------------------

    def request(self, method: str, *arguments: Any) -> Any:
        return self._rpc.request(method, *arguments)

    def lua(self, code: str, *arguments: Any) -> Any:
        """What the code returns; `...` in it are the arguments."""
        return self.request("nvim_exec_lua", code, list(arguments))

    def text(self) -> str:
        """The current buffer's lines, joined by line feeds."""
        return "\n".join(self.request("nvim_buf_get_lines", 0, 0, -1, True))

    def text_of(self, name: str) -> str | None:
        """The text of the buffer whose name has this in it; None where there is none."""
        for number in self.request("nvim_list_bufs"):
            if name in self.request("nvim_buf_get_name", number):
                return "\n".join(self.request("nvim_buf_get_lines", number, 0, -1, True))
        return None

    def line(self) -> str:
        found: str = self.request("nvim_get_current_line")
        return found

    def cursor(self) -> tuple[int, int]:
        """Line from 1, column in bytes from 0."""
        line, column = self.request("nvim_win_get_cursor", 0)
        return line, column

    def lines(self) -> list[str]:
        """The screen's."""
        return self.screen.now.lines()

    def ghost(self, frame: Frame | None = None) -> str:
        """What is drawn as ghost text."""
        return self.screen.text_in(GHOST, frame)

    def mode(self) -> str:
        found: str = self.request("nvim_get_mode")["mode"]
        return found

    def until(self, what: Callable[[], Any], wanted: str, *, deadline_s: float = DEADLINE_S) -> Any:
        """What it returns, once that is anything."""
        due = time.monotonic() + deadline_s
        while True:
            if found := what():
                return found
            if time.monotonic() > due:
                raise AssertionError(f"{wanted}: waited in vain\n{self._account()}")
            time.sleep(0.003)

    def until_ghost(self, text: str) -> None:
        """Wait until exactly this is drawn as ghost text."""
        self.until(lambda: self.ghost() == text, f"ghost text {text!r}")

    def told(self, event: str) -> list[dict[str, Any]]:
        """The data of all autocommands of this name so far."""
        found = self.lua("return Told")
        return [data for name, data in found if name == event]

    def traces(self, last: int = 20) -> list[dict[str, Any]]:
        """The server's own account of the last requests."""
        return self._ask("pilotfish/trace", {"last": last}) or []

    def status(self) -> dict[str, Any]:
        """Empty where there is no server."""
        return self._ask("pilotfish/status", {}) or {}

    def is_ready(self) -> bool:
        """Whether the current buffer's server has its index."""
        return bool(self.status().get("index", {}).get("state") == "ready")

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        return self.lua(
            """
            local method, params = ...
            local client = vim.lsp.get_clients({ name = "pilotfish" })[1]
            return client and (client:request_sync(method, params, 1000, 0) or {}).result
            """,
            method,
            params,
        )


def own_environment(neovim: Neovim, folder: Path) -> dict[str, str]:
    """Of its own in everything: no settings, state, cache or server of whoever runs the tests."""
    hidden = ("NVIM", "VIMRUNTIME", "VIM", "MYVIMRC", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds}
    own |= {"XDG_RUNTIME_DIR": str(runtime), "NVIM_LOG_FILE": str(folder / "nvim.log"), "HOME": str(folder)}
    return {**inherited, **own, **neovim.environment}
