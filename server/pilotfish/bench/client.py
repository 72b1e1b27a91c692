"""A strict LSP client over stdio that knows when things happened.

Times are taken when a message is handed to the pipe and, on a thread that does nothing else, when the last
byte of its answer has been read: neither decoding nor the caller's own work is in them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from pilotfish.errors import ServerGone

STDERR_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request, how long it took from write to arrival, and when it arrived.

    `arrived_at` is on the clock of `time.perf_counter`, in seconds.
    """

    result: Any
    error: Mapping[str, Any] | None
    ms: float
    arrived_at: float


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that was sent at `sent_at` (`time.perf_counter`, seconds)."""

    id: int
    method: str
    sent_at: float


class LspClient:
    """One server process. Its own requests are answered with null; its notifications are let go.

    Every method raises `ServerGone` when the server died, was silent for too long, or wrote something that is
    not a well-formed message.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        self.command = tuple(command)
        self._timeout_s = timeout_s
        self.started_at = time.perf_counter()
        try:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **(environment or {})},
                # Ctrl-C in the terminal is for us; the server is then asked to leave in good order.
                start_new_session=True,
            )
        except OSError as error:
            raise ServerGone(f"{self.command[0]} cannot be started: {error.strerror or error}") from error
        self._next_id = 0
        self._arrived = threading.Condition()
        self._answers: dict[int, tuple[float, dict[str, Any]]] = {}
        self._broken: str | None = None
        self._stderr = b""
        self._writing = threading.Lock()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._read, self._drain)]
        for thread in self._threads:
            thread.start()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any, timeout_s: float | None = None) -> Answer:
        """Send a request and wait for its answer, which may be an error."""
        return self.wait(self.begin(method, params), timeout_s)

    def begin(self, method: str, params: Any) -> Pending:
        """Send a request; its answer is for `wait` or `look`."""
        self._next_id += 1
        message = {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params}
        return Pending(self._next_id, method, self._write(message))

    def wait(self, pending: Pending, timeout_s: float | None = None) -> Answer:
        """The answer to a request, which may be an error."""
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        with self._arrived:
            self._arrived.wait_for(lambda: pending.id in self._answers or self._broken, timeout_s)
        answer = self.look(pending)
        if answer is None:
            self._broken = self._broken or f"it did not answer {pending.method} within {timeout_s:g} s"
            raise self.failure(self._broken)
        return answer

    def settle(self, pending: Pending) -> None:
        """Wait until the answer is there (or never will be), and leave it for `wait` or `look`."""
        with self._arrived:
            self._arrived.wait_for(lambda: pending.id in self._answers or self._broken, self._timeout_s)

    def look(self, pending: Pending) -> Answer | None:
        """The answer, if it is there already; it is given once."""
        with self._arrived:
            found = self._answers.pop(pending.id, None)
        if found is None:
            return None
        arrived, message = found
        return Answer(
            message.get("result"), message.get("error"), (arrived - pending.sent_at) * 1000, arrived
        )

    def close(self, timeout_s: float = 5.0) -> None:
        """Ask the server to leave, and make it leave if it does not. Never raises; may be called again."""
        try:
            if self.process.poll() is None and self._broken is None:
                self.request("shutdown", None, timeout_s)
                self.notify("exit", None)
                self.process.wait(timeout_s)
        except (ServerGone, subprocess.TimeoutExpired):
            pass  # it is made to leave below
        finally:
            self._kill()
            for thread in self._threads:
                thread.join(timeout_s)
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                # What could not be flushed into a dead server's pipe is lost with it.
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]  # all three are pipes

    def _kill(self) -> None:
        if self.process.poll() is None:
            if os.name == "posix":  # it leads a session of its own: its children go with it
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def _write(self, message: Mapping[str, Any]) -> float:
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        # What stands for a byte of a file's name that is no text goes as an escape, which JSON has too.
        body = text.encode(errors="backslashreplace")
        frame = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        assert self.process.stdin is not None
        with self._writing:
            sent = time.perf_counter()
            try:
                self.process.stdin.write(frame)
                self.process.stdin.flush()
            except (OSError, ValueError) as error:
                raise self.failure(self._broken or "it no longer reads what it is sent") from error
        return sent

    def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while (body := read_frame(self.process.stdout)) is not None:
                self._take(time.perf_counter(), body)
            problem = "it closed its output"
        except ValueError as error:
            problem = str(error)
        except ServerGone:
            problem = "it no longer reads what it is sent"
        with self._arrived:
            self._broken = problem
            self._arrived.notify_all()

    def _take(self, arrived: float, body: bytes) -> None:
        message = _decode(body)
        if "method" not in message:
            with self._arrived:
                self._answers[message["id"]] = (arrived, message)
                self._arrived.notify_all()
        elif "id" in message:
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": _reply(message)})

    def _drain(self) -> None:
        """Keep the end of stderr for the error sentence; a server that floods it must not come to a halt."""
        assert self.process.stderr is not None
        while block := self.process.stderr.read1(65536):  # type: ignore[attr-defined]  # BufferedReader has it
            self._stderr = (self._stderr + block)[-STDERR_TAIL_BYTES:]

    def failure(self, problem: str) -> ServerGone:
        """The error to raise: which server, what is wrong with it, and what it last wrote to stderr."""
        # A process that ends closes its pipes first: without a moment's patience we would not know.
        with contextlib.suppress(subprocess.TimeoutExpired):
            problem = f"it died (exit code {self.process.wait(0.5)})"
        words = self._stderr.decode(errors="replace").strip().splitlines()
        last = f"; its last words: {words[-1][:200]}" if words else ""
        return ServerGone(f"the server `{' '.join(self.command)}` failed: {problem}{last}")


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The body of the next message; None at the end of the stream.

    Raises:
        ValueError: what comes is no message.
    """
    length: int | None = None
    while (line := stream.readline(4096)) not in (b"\r\n", b""):
        name, colon, value = line.partition(b":")
        if not colon or not line.endswith(b"\r\n"):
            raise ValueError(f"its output is not LSP: {line[:60]!r}")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if not line:
        return None
    if length is None:
        raise ValueError("it sent a message without Content-Length")
    body = stream.read(length)
    return body if len(body) == length else None


def _decode(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise ValueError(f"it sent something that is not JSON: {body[:60]!r}") from None
    if (
        not isinstance(message, dict)
        or message.get("jsonrpc") != "2.0"
        or not {"id", "method"} & message.keys()
    ):
        raise ValueError(f"it sent something that is not JSON-RPC: {body[:60]!r}")
    return message


def _reply(message: Mapping[str, Any]) -> Any:
    """What an editor without opinions answers: null, and one null for each setting that was asked for."""
    if message["method"] == "workspace/configuration":
        return [None] * len(message.get("params", {}).get("items", []))
    return None
