"""A model's server on this machine that says what a test tells it to, when the test does."""

from __future__ import annotations

import json
import queue
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

POLL_S = 0.02


class Model:
    """Attributes:
    asked: the bodies of all requests, oldest first.
    open_streams: how many answers are being read now.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.open_streams = 0
        self.pieces: queue.Queue[str | None] = queue.Queue()
        self.port = 0

    def say(self, *pieces: str) -> None:
        """Send these, each for itself, to whoever is listening or will listen next."""
        for piece in pieces:
            self.pieces.put(piece)

    def end(self) -> None:
        """That was all of the answer."""
        self.pieces.put(None)

    def forget(self) -> None:
        """Be as new."""
        self.asked.clear()
        self.pieces = queue.Queue()

    def options(self) -> dict[str, Any]:
        """The settings with which it does code actions, and the embedded engine ghost text."""
        address = {"kind": "openai-shaped", "url": f"http://127.0.0.1:{self.port}", "model": "scripted"}
        return {"backends": {"scripted": address}, "actions": {"backend": ["scripted"]}}


@contextmanager
def running_model() -> Iterator[Model]:
    model = Model()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.asked.append(json.loads(body))
            model.open_streams += 1
            try:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.stream()
            except OSError:
                pass
            finally:
                model.open_streams -= 1
                self.close_connection = True

        def stream(self) -> None:
            while True:
                try:
                    piece = model.pieces.get(timeout=POLL_S)
                except queue.Empty:
                    if select.select([self.connection], [], [], 0)[0]:
                        return  # Whoever asked has gone: there is nothing else that could be read.
                    continue
                delta = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                event = "[DONE]" if piece is None else json.dumps(delta)
                self.wfile.write(f"data: {event}\n\n".encode())
                self.wfile.flush()
                if piece is None:
                    return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    model.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
