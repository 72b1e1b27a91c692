"""The server on bad days: killed, missing, too old, started anew; and what a Neovim that is too old says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.neovim.editor import PLUGIN, Editor
from tests.neovim.install import Neovim
from tests.neovim.scene import FUTURE, REST, begin
from tests.neovim.shop import write_shop

GETS_IT = ("pipx install", "uv tool install")


def messages(editor: Editor) -> str:
    said: str = editor.lua("return vim.fn.execute('messages')")
    return said


def server_pid(editor: Editor) -> int:
    """The process that serves the current buffer."""
    (pid,) = editor.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())")
    return int(pid)


def written(traces: Path) -> list[Any]:
    lines = traces.read_text(encoding="utf-8").splitlines() if traces.exists() else []
    return [json.loads(line) for line in lines]


def ask_in(editor: Editor, name: str) -> None:
    begin(editor, "from __fu", text="", name=name)
    editor.until_ghost(REST)


def test_what_was_accepted_is_written_down_when_it_ends(editor: Editor) -> None:
    ask_in(editor, "new.py")
    offered = [trace["id"] for trace in editor.traces() if trace["decision"] == "shown"][-1]
    editor.press("<Tab>")
    editor.until_text(FUTURE)
    editor.press("<Esc>")
    editor.type(":Pilotfish restart\n")
    traces = editor.folder / "cache" / "pilotfish" / "traces.jsonl"
    wanted = {"id": offered, "event": "accepted"}
    editor.until(lambda: wanted in written(traces), "what became of it, in the traces")
    editor.until(editor.is_ready, "the new server")
    ask_in(editor, "other.py")


def test_one_that_dies_is_started_again_and_the_third_time_left(editor: Editor) -> None:
    editor.open("new.py")
    for _ in range(2):
        editor.until(editor.is_ready, "a server")
        os.kill(server_pid(editor), signal.SIGKILL)
        editor.until(lambda: not editor.status(), "its end")
    editor.until(editor.is_ready, "a third server")
    ask_in(editor, "other.py")
    assert "pilotfish" not in messages(editor)
    os.kill(server_pid(editor), signal.SIGKILL)
    editor.until(lambda: "pilotfish: its server has ended three times" in messages(editor), "one message")
    editor.until_ghost("")
    assert messages(editor).count("ended three times") == 1
    editor.press("<Esc>")
    editor.type(":Pilotfish restart\n")
    editor.until(editor.is_ready, "a server at last")
    ask_in(editor, "third.py")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


def programs(folder: Path, script: str) -> dict[str, str]:
    """An environment in which there is only this `pilotfish`."""
    program = folder / "bin" / "pilotfish"
    program.parent.mkdir()
    if script:
        program.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    shutil.copytree(PLUGIN, folder / "plugin")  # since in this checkout there is a server beside it
    return {"PILOTFISH_PLUGIN": str(folder / "plugin"), "PATH": f"{program.parent}{os.pathsep}/usr/bin:/bin"}


def test_without_a_server_one_sentence_says_how_to_get_it(
    neovim: Neovim, tmp_path: Path, fresh: Path
) -> None:
    with Editor(neovim, tmp_path, workspace=fresh, environment=programs(tmp_path, "")) as editor:
        editor.open("orders.py")
        editor.until(lambda: "pilotfish" in messages(editor), "a message")
        editor.open("part1.py")
        said = messages(editor).strip().splitlines()
        assert len(said) == 1
        assert all(each in said[0] for each in GETS_IT)
        editor.press("Go<C-u>from __fu")
        editor.until(lambda: editor.line() == "from __fu", "typing as ever")
        assert statusline_is_empty(editor)


OLD_SERVER = """
import json, sys
while line := sys.stdin.buffer.readline():
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(int(line.split(b":")[1])))
    if message.get("method") == "exit":
        break
    if "id" in message:
        result = {"capabilities": {}, "serverInfo": {"name": "pilotfish", "version": "0.0.9"}}
        body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
        sys.stdout.buffer.flush()
"""


def test_a_server_that_is_too_old_is_named_with_what_to_do(
    neovim: Neovim, tmp_path: Path, fresh: Path
) -> None:
    environment = programs(tmp_path, OLD_SERVER)
    with Editor(neovim, tmp_path, workspace=fresh, environment=environment) as editor:
        editor.open("orders.py")
        editor.until(lambda: "pilotfish" in messages(editor), "a message")
        editor.open("part1.py")
        said = messages(editor).strip().splitlines()
        assert len(said) == 1
        assert "0.0.9" in said[0]
        assert all(each in said[0] for each in GETS_IT)
        editor.until(lambda: statusline_is_empty(editor), "no server")


def test_a_neovim_that_is_too_old_says_one_sentence(neovim: Neovim, tmp_path: Path, fresh: Path) -> None:
    init = tmp_path / "init.lua"
    init.write_text(
        """
        local has = vim.fn.has
        vim.fn.has = function(feature)
          return vim.startswith(feature, "nvim-0.1") and vim.version.lt("0.10.9", feature:sub(6)) and 0
            or has(feature)
        end
        vim.lsp.config, vim.lsp.enable = nil, nil
        vim.opt.runtimepath:prepend(vim.env.PILOTFISH_PLUGIN)
        """,
        encoding="utf-8",
    )
    environment = {"PILOTFISH_PLUGIN": str(PLUGIN)}
    with Editor(neovim, tmp_path, workspace=fresh, init=init, environment=environment) as editor:
        editor.open("orders.py")
        said = messages(editor).strip().splitlines()
        assert len(said) == 1
        assert said[0].startswith("pilotfish needs Neovim 0.11")
        assert editor.lua("return vim.fn.exists(':Pilotfish')") == 0
        loaded = editor.lua("return vim.tbl_keys(package.loaded)")
        assert [name for name in loaded if name.startswith("pilotfish")] == []
        editor.command("checkhealth pilotfish")
        health = editor.text()
        assert "pilotfish needs Neovim 0.11" in health
        assert health.count("ERROR") == 1


def statusline_is_empty(editor: Editor) -> bool:
    return bool(editor.lua("return require('pilotfish').statusline() == ''"))
