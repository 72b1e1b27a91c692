"""A service on another "machine", which keeps what it is sent.

127.0.0.2 is this machine as well, but pilotfish does not know it by that name: it is a remote address.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

Answer: TypeAlias = Callable[[str], tuple[str, bytes]]
"""The body of a request → the type and the bytes of the answer."""


class Far(ThreadingHTTPServer):
    """The service; `requests` are the headers, by their names in small letters, and the body of each."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.2", 0), _Handler)
        self.answer = answer
        self.requests: list[tuple[dict[str, str], str]] = []

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.2:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Far

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
        kind, answer = self.server.answer(body)
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def far_away(answer: Answer) -> Iterator[Far]:
    """A service that answers like this, while it lasts."""
    with Far(answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
