"""What a user does in an editor is kept, and can be played again to the same end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.record import Recorder
from pilotfish.bench.traces import Step, read_traces
from pilotfish.bench.typist import LINE_END, replace

URI = "file:///code/a.py"
OPENED = {"uri": URI, "languageId": "python", "version": 1, "text": "x = '😀'\ny\n"}


def change(line: int, start: int, end: int, text: str) -> dict[str, Any]:
    places = [{"line": line, "character": column} for column in (start, end)]
    return {
        "method": "textDocument/didChange",
        "params": {
            "textDocument": {"uri": URI},
            "contentChanges": [{"range": {"start": places[0], "end": places[1]}, "text": text}],
        },
    }


def ask(line: int, column: int) -> dict[str, Any]:
    position = {"line": line, "character": column}
    return {
        "method": "textDocument/inlineCompletion",
        "params": {"textDocument": {"uri": URI}, "position": position},
    }


def recorder(*, strip: bool = False, encoding: str = "utf-16") -> Recorder:
    times = iter(range(1000))
    made = Recorder(Path("/code"), strip=strip, clock=lambda: next(times) / 10)
    made.encoding = encoding
    made.hear({"method": "textDocument/didOpen", "params": {"textDocument": OPENED}})
    return made


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 10), ("utf-16", 8), ("utf-32", 7)])
def test_steps_are_kept_in_code_points(encoding: str, column: int) -> None:
    made = recorder(encoding=encoding)
    made.hear(change(0, column, column, " #"))
    made.hear(ask(0, column + 2))
    made.hear(ask(1, 0))
    made.hear({"method": "textDocument/hover", "params": {}})
    (trace,) = made.traces()
    assert trace.steps == (Step(100.0, (0, 7), (0, 7), " #"), Step(100.0, (1, 0), (1, 0)))
    assert (trace.name, trace.text) == ("a.py", OPENED["text"])


def test_a_change_without_a_range_is_the_whole_text() -> None:
    made = recorder()
    whole = {"textDocument": {"uri": URI}, "contentChanges": [{"text": "z"}]}
    made.hear({"method": "textDocument/didChange", "params": whole})
    (trace,) = made.traces()
    lines = LINE_END.split(trace.text or "")
    for step in trace.steps:
        replace(lines, step.start, step.end, step.text)
    assert lines == ["z"]


def test_stripped_of_text_only_the_shape_is_left() -> None:
    made = recorder(strip=True)
    made.hear(change(1, 1, 1, " = secret(Né, 42)\n    return"))
    (trace,) = made.traces()
    assert trace.text is None
    assert trace.steps[0].text == " = xxxxxx(xx, xx)\n    xxxxxx"


def test_files_outside_the_workspace_are_not_recorded() -> None:
    made = Recorder(Path("/other"), strip=False)
    made.hear({"method": "textDocument/didOpen", "params": {"textDocument": OPENED}})
    made.hear(change(0, 0, 0, "q"))
    made.hear(ask(0, 1))
    assert made.traces() == []


def test_an_editor_and_a_server_understand_each_other_through_it(tmp_path: Path) -> None:
    root = tmp_path / "code"
    root.mkdir()
    file = root / "a.py"
    file.write_text("value = 1\n")
    out = tmp_path / "trace.json"
    server = f"{sys.executable} -m pilotfish.bench.echo_server"
    command = [sys.executable, "-m", "pilotfish", "bench", "record", str(out), "--workspace", str(root)]
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}},
        {"method": "initialized", "params": {}},
        {
            "method": "textDocument/didOpen",
            "params": {
                "textDocument": {
                    "uri": file.as_uri(), "languageId": "python", "version": 1, "text": "value = 1\n"
                }
            },
        },
        {
            "id": 2,
            "method": "textDocument/inlineCompletion",
            "params": {
                "textDocument": {"uri": file.as_uri()},
                "position": {"line": 0, "character": 3},
                "context": {"triggerKind": 1},
            },
        },
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]  # fmt: skip
    sent = b""
    for message in messages:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        sent += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    ran = subprocess.run(
        [*command, "--server", server], input=sent, capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert b'"insertText":"echo"' in ran.stdout.replace(b'": "', b'":"')
    (trace,) = read_traces(out, root)
    assert [step.start for step in trace.steps] == [(0, 3)]
    assert b"1 steps in 1 files recorded" in ran.stderr
