"""One code-server with a folder of its own for everything that it keeps, and Chromium pages that show it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from pilotfish.session.traces import read_traces
from tests.node import NODE
from tests.vscode.install import ENTRY, chromium

DRIVER = Path(__file__).with_name("driver")
TIMEOUT_S = 60.0

_SETTINGS = {
    "workbench.startupEditor": "none",
    "telemetry.telemetryLevel": "off",
    "git.enabled": False,
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "editor.cursorBlinking": "solid",
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.wordBasedSuggestions": "off",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.reduceMotion": "on",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
}
_FLAGS = (
    *("--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-proxy"),
    *("--disable-getting-started-override", "--ignore-last-opened"),
)
_BROWSER = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@dataclass(frozen=True)
class CodeServer:
    """A code-server that runs.

    Attributes:
        folder: what it keeps; `cache` in it is where the pilotfish server keeps its own.
        workspace: the folder that its windows show, unless told otherwise.
    """

    folder: Path
    workspace: Path
    port: int

    def url(self, shown: str) -> str:
        """Opens a window on a folder, on several by a `.code-workspace` file, or on a folder's address."""
        kind = "workspace" if shown.endswith(".code-workspace") else "folder"
        return f"http://127.0.0.1:{self.port}/?{kind}={urllib.parse.quote(shown)}"

    def driver(self, shown: str) -> Path:
        """Where the tests' own driver listens in the window that shows this."""
        return self.folder / f"{PurePosixPath(shown).name}.sock"

    def traces(self) -> list[dict[str, Any]]:
        """What the pilotfish server wrote down of each request so far."""
        file = self.folder / "cache" / "pilotfish" / "traces.jsonl"
        return list(read_traces(file))


@contextmanager
def code_server(
    folder: Path,
    workspace: Path,
    *,
    extensions: tuple[Path, ...] = (),
    machine: Mapping[str, Any] | None = None,
    trusting: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[CodeServer]:
    """A code-server on a free port of this machine.

    Args:
        folder: empty; everything that it and the servers below it keep goes there.
        workspace: the folder that windows show.
        extensions: packed ones are installed, folders used as they are; the tests' own driver is there too.
        machine: settings that are the machine's, such as where programs are.
        trusting: whether folders are trusted without being asked.
        environment: more of it, or other.
    """
    own = {
        "HOME": folder / "home",
        "XDG_CONFIG_HOME": folder / "config",
        "XDG_DATA_HOME": folder / "data",
        "XDG_STATE_HOME": folder / "state",
        "XDG_CACHE_HOME": folder / "cache",
        "PILOTFISH_TEST_SOCKETS": folder,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "EXTENSIONS_GALLERY": '{"serviceUrl": "http://127.0.0.1:9"}',
    }
    _write_settings(folder, "User", _SETTINGS)
    _write_settings(folder, "Machine", machine or {})
    installed = folder / "extensions"
    installed.mkdir(parents=True)
    packed = [each for each in extensions if each.is_file()]
    for unpacked in (DRIVER, *(each for each in extensions if each not in packed)):
        (installed / unpacked.name).symlink_to(unpacked)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(NODE), str(ENTRY), "--user-data-dir", str(folder / "user")]
    command += ["--extensions-dir", str(installed)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VSCODE")}
    variables = {**inherited, **{name: str(path) for name, path in own.items()}, **(environment or {})}
    for extension in packed:
        _run([*command, "--install-extension", str(extension)], variables)
    trust = ("--disable-workspace-trust",) if trusting else ()
    with (folder / "code-server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--bind-addr", f"127.0.0.1:{port}", *_FLAGS, *trust, workspace],
            env=variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        server = CodeServer(folder, workspace, port)
        until(lambda: _is_up(port), "code-server to answer")
        yield server
    finally:
        # The group: an extension host would live on for hours, waiting for its window to come back.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=TIMEOUT_S)


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"


def _write_settings(folder: Path, name: str, settings: Mapping[str, Any]) -> None:
    file = folder / "user" / name / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(settings, indent=2), encoding="utf-8")


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a screen."""
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(_BROWSER))
        yield chrome
        chrome.close()


def until(condition: Callable[[], Any], what: str | Callable[[], str], deadline_s: float = TIMEOUT_S) -> Any:
    """Wait until something is so, and give what it was.

    Raises:
        AssertionError: after the deadline, naming `what`.
    """
    end = time.monotonic() + deadline_s
    while not (found := condition()):
        assert time.monotonic() < end, f"waited in vain for {what if isinstance(what, str) else what()}"
        time.sleep(0.04)
    return found


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
