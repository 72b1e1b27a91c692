"""`initialize` answered at once, while lsprotocol is still being loaded: building its classes takes longest.

The answer is the one that `lifecycle.initialize` gives, from the same plain data. The message is taken in
properly afterwards, and whatever the client says next waits in the pipe until then. Where anything about it
is unusual, it is left to `lifecycle` to answer, as errors are.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pilotfish.lsp.framing import frame

_HEADER = re.compile(rb"Content-Length: (\d{1,7})\r\n\r\n")
_SAYS_NOTHING_S, _IS_ANSWERED_S = 0.02, 1.0

_PARAMS: Mapping[str, tuple[type, ...]] = {
    "processId": (int,),
    "clientInfo": (dict,),
    "locale": (str,),
    "rootPath": (str,),
    "rootUri": (str,),
    "trace": (str,),
    "workDoneToken": (str, int),
    "workspaceFolders": (list,),
}
"""What may stand in the params beside `capabilities` and options, each of these types or null."""


class Greeting:
    """Looks at what a client says, until it has answered the first message or found that it cannot.

    Args:
        send: writes bytes to the client.

    Attributes:
        is_answered: whether `initialize` is; settled before anybody else is handed the message.
    """

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self.is_answered = False
        self._send = send
        self._said = b""
        self._has_come, self._is_over = threading.Event(), threading.Event()

    def look(self, data: bytes) -> None:
        """Take note of what came; empty at the end."""
        if self._is_over.is_set():
            return
        self._said += data
        self._has_come.set()
        header = _HEADER.match(self._said)
        if header is not None and len(self._said) - header.end() >= int(header[1]):
            body = self._said[header.end() : header.end() + int(header[1])]
            if (answer := answer_to(body)) is not None:
                self.is_answered = True
                with suppress(OSError):  # Who has gone already is noticed by whoever writes next.
                    self._send(answer)
        elif data and (header is not None or len(self._said) < 64):
            return  # the rest is on its way
        self._said = b""
        self._is_over.set()

    def wait(self) -> None:
        """Leave the processor to `look` while there is something to answer; a client speaks at once."""
        if self._has_come.wait(_SAYS_NOTHING_S):
            self._is_over.wait(_IS_ANSWERED_S)


def answer_to(body: bytes) -> bytes | None:
    """The answer to an ordinary `initialize`, framed; None for everything else."""
    try:
        message = json.loads(body.decode())
        params = message["params"]
        if message["method"] != "initialize" or message["jsonrpc"] != "2.0" or not _is_usual(message):
            return None
        # From here on it takes a while.
        from pilotfish.lsp.provided import provided_to  # noqa: PLC0415

        result = provided_to(params)
    except Exception:  # noqa: BLE001 - what is wrong with it, lifecycle finds out, and says so
        return None
    answer = {"jsonrpc": "2.0", "id": message["id"], "result": result}
    return frame(json.dumps(answer, separators=(",", ":")).encode())


def _is_usual(message: Mapping[str, Any]) -> bool:
    """Whether nothing in it could be refused later on, as far as one can see."""
    params = message["params"]
    folders = params.get("workspaceFolders") or ()
    told = {name: params[name] for name in _PARAMS if params.get(name) is not None}
    return (
        type(message["id"]) in (int, str)
        and isinstance(params["capabilities"], dict)
        and all(type(value) in _PARAMS[name] for name, value in told.items())
        and params.get("trace") in (None, "off", "messages", "verbose")
        and isinstance(told.get("clientInfo", {"name": ""}).get("name"), str)
        and isinstance(told.get("clientInfo", {}).get("version", ""), str | None)
        and all(isinstance(each[name], str) for each in folders for name in ("uri", "name"))
        and _is_plain(params["capabilities"])
    )


def _is_plain(abilities: object) -> bool:
    """Whether abilities are told by switches, words and lists of words alone, as far as we read them."""
    if isinstance(abilities, dict):
        return all(_is_plain(each) for name, each in abilities.items() if name != "experimental")
    if isinstance(abilities, list):
        return all(isinstance(each, str | int) for each in abilities)
    return isinstance(abilities, bool | str | int | None)
