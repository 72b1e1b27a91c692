"""The strict front door: every message that arrives is answered as the protocol says, or logged in one line.

pygls gives the message types, their (de)serialisation, the registry of features and the capabilities. What
it does with an incoming message is replaced here, since in 2.1.1 a request with malformed params gets no
answer, errors carry tracebacks and pop up in the editor, whole messages are logged, requests are let in
before `initialize`, and a late reply to a cancelled question raises.

Features are plain functions `(server, params)` that return a result or something to await. They run the
moment their message is read, so what they look at before their first `await` is what the client meant.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
import logging
import math
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar

from cattrs import ClassValidationError, transform_error
from lsprotocol import types
from pygls.protocol import LanguageServerProtocol

from pilotfish.errors import PilotfishError
from pilotfish.lsp import errors
from pilotfish.lsp.errors import RequestError
from pilotfish.lsp.framing import frame
from pilotfish.lsp.quirks import Quirks
from pilotfish.session.background import log_failure

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

T = TypeVar("T")
RequestId: TypeAlias = int | float | str | None


class Phase(Enum):
    """Where a connection is in its life."""

    NEW = "new"
    OPEN = "open"
    SHUT_DOWN = "shut down"


class Protocol(LanguageServerProtocol):
    """One connection's messages, in and out.

    Attributes:
        phase: where the connection is in its life.
        send: writes a framed message.
        is_greeted: whether `initialize` has had its answer before it came here (`greeting.py`).
        ended: set once the connection is over.
        quirks: what the client says otherwise than the protocol has it.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.phase = Phase.NEW
        self.send: Callable[[bytes], None] = lambda _: None
        self.is_greeted: Callable[[], bool] = lambda: False
        self.ended = asyncio.Event()
        self.quirks = Quirks()
        self._answering: dict[RequestId, asyncio.Future[Any]] = {}
        self._asking: dict[RequestId, asyncio.Future[Any]] = {}
        self._ids = itertools.count(1)

    def _register_builtin_features(self) -> None:
        """Leave out pygls's own features: its documents are rebuilt whole at each edit."""

    # --- what arrives ---------------------------------------------------------------------------------

    def receive(self, body: bytes) -> None:
        """Take one message. Never raises."""
        try:
            message = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            log.warning("A message of %d bytes is not JSON: %s", len(body), type(error).__name__)
            self._answer_error(None, errors.PARSE_ERROR, "the message is not JSON in UTF-8")
            return
        if not isinstance(message, dict):
            self._invalid(None, "a message is one object; batches are not part of the protocol")
        elif not _is_id(message.get("id")):
            self._invalid(None, "an id is a number, a string or null")
        elif message.get("jsonrpc") != "2.0":
            self._invalid(message.get("id"), 'a message says "jsonrpc": "2.0"')
        elif isinstance(method := message.get("method"), str):
            if "id" in message:
                self._handle_request(message["id"], method, message.get("params"))
            else:
                self._handle_notification(method, message.get("params"))
        elif "method" not in message and ("result" in message or "error" in message):
            self._take_reply(message)
        else:
            self._invalid(message.get("id"), "a message has a method, a result or an error")

    def _invalid(self, msg_id: RequestId, reason: str) -> None:
        log.warning("An invalid message was refused: %s", reason)
        self._answer_error(msg_id, errors.INVALID_REQUEST, reason)

    def _handle_request(self, msg_id: RequestId, method_name: str, params: Any) -> None:
        try:
            if msg_id in self._answering:
                raise RequestError(errors.INVALID_REQUEST, "a request with this id is being answered")
            self._check_phase(method_name)
            result = self._feature(method_name)(self._structure(method_name, params))
        except Exception as error:  # noqa: BLE001 - a feature's bug must not cost the connection or the answer
            self._answer_failure(msg_id, method_name, error)
            return
        if inspect.isawaitable(result):
            future = asyncio.ensure_future(result)
            self._answering[msg_id] = future
            future.add_done_callback(partial(self._finish, msg_id, method_name))
        else:
            self._answer(msg_id, method_name, result)

    def _handle_notification(self, method_name: str, params: Any) -> None:
        if method_name == types.CANCEL_REQUEST:
            self._cancel(params)
            return
        if method_name != types.EXIT and self.phase is not Phase.OPEN:
            log.info("Ignored %s: the server is %s", method_name, self.phase.value)
            return
        feature = self.fm.features.get(method_name)
        if feature is None:
            level = logging.DEBUG if method_name.startswith("$/") else logging.INFO
            log.log(level, "Ignored the unknown notification %.100r", method_name)
            return
        try:
            feature(self._structure(method_name, params))
        except Exception as error:  # noqa: BLE001 - as for requests
            _log_failure(method_name, error)

    def _cancel(self, params: Any) -> None:
        wanted = params.get("id") if isinstance(params, dict) else None
        if _is_id(wanted) and (future := self._answering.get(wanted)):
            future.cancel()

    def _check_phase(self, method: str) -> None:
        if self.phase is Phase.SHUT_DOWN:
            raise RequestError(errors.INVALID_REQUEST, "the server was shut down")
        if self.phase is Phase.NEW and method != types.INITIALIZE:
            raise RequestError(errors.NOT_INITIALIZED, "the first request is initialize")
        if self.phase is Phase.OPEN and method == types.INITIALIZE:
            raise RequestError(errors.INVALID_REQUEST, "the server is initialized already")

    def _feature(self, method: str) -> Callable[[Any], Any]:
        feature: Callable[[Any], Any] | None = self.fm.features.get(method)
        if feature is None:
            raise RequestError(errors.METHOD_NOT_FOUND, f"there is no method {method[:100]!r}")
        return feature

    def structure(self, value: Any, wanted: type[T]) -> T:
        """A value of the protocol's that came inside another; raises whatever the converter does."""
        made: T = self._converter.structure(value, wanted)
        return made

    def _structure(self, method: str, params: Any) -> Any:
        """The params as lsprotocol's class, or as they came for a method of our own."""
        if method not in types.METHOD_TO_TYPES:
            return params
        params_type: Any = types.METHOD_TO_TYPES[method][2]
        if params_type is None:
            return None
        try:
            return self._converter.structure(self.quirks.mend(method, params), params_type)
        except ClassValidationError as error:
            faults = "; ".join(transform_error(error, path="params")[:3])
            raise RequestError(errors.INVALID_PARAMS, f"{method}: {faults}") from None
        except Exception:  # noqa: BLE001 - lsprotocol's hooks raise whatever they stumble over
            raise RequestError(errors.INVALID_PARAMS, f"{method}: malformed params") from None

    # --- what is sent ---------------------------------------------------------------------------------

    def _finish(self, msg_id: RequestId, method: str, future: asyncio.Future[Any]) -> None:
        del self._answering[msg_id]
        if future.cancelled():
            self._answer_error(msg_id, errors.REQUEST_CANCELLED, "cancelled")
        elif (error := future.exception()) is not None:
            self._answer_failure(msg_id, method, error)
        else:
            self._answer(msg_id, method, future.result())

    def _answer(self, msg_id: RequestId, method: str, result: Any) -> None:
        if method == types.INITIALIZE and self.is_greeted():
            return
        try:
            self._send_data({"jsonrpc": "2.0", "id": msg_id, "result": self._converter.unstructure(result)})
        except (TypeError, ValueError, RecursionError) as error:
            self._answer_failure(msg_id, method, error)

    def _answer_failure(self, msg_id: RequestId, method: str, error: BaseException) -> None:
        _log_failure(method, error)
        if method == types.INITIALIZE and self.phase is Phase.NEW and self.is_greeted():
            log.error("The client was told that all is well, but what it says of itself cannot be used")
            self.ended.set()
        elif isinstance(error, RequestError):
            self._answer_error(msg_id, error.code, str(error))
        elif isinstance(error, PilotfishError):
            self._answer_error(msg_id, errors.REQUEST_FAILED, str(error))
        else:
            self._answer_error(msg_id, errors.INTERNAL_ERROR, f"a bug in pilotfish: {type(error).__name__}")

    def _answer_error(self, msg_id: RequestId, code: int, message: str) -> None:
        self._send_data({"jsonrpc": "2.0", "id": msg_id, "error": {"code": code, "message": message}})

    def _send_data(self, data: Any) -> None:
        """Send one message: a dict, or one of lsprotocol's classes."""
        content = data if isinstance(data, dict) else self._converter.unstructure(data)
        self.send(frame(json.dumps(content, separators=(",", ":"), allow_nan=False).encode()))

    # --- what we ask the client -----------------------------------------------------------------------

    def ask(self, method: str, params: Any) -> asyncio.Future[Any]:
        """Ask the client; the reply's result as it came. Whoever waits may be cancelled at any time.

        Raises:
            RequestError: (when awaited) the client answered with an error.
        """
        msg_id = next(self._ids)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asking[msg_id] = future
        future.add_done_callback(lambda _: self._asking.pop(msg_id, None))
        content = self._converter.unstructure(params)
        self._send_data({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": content})
        return future

    def _take_reply(self, message: dict[str, Any]) -> None:
        future = self._asking.get(message.get("id"))
        if future is None or future.done():
            log.debug("A reply came to a question that nobody waits for")
        elif "error" in message:
            error = message["error"] if isinstance(message["error"], dict) else {}
            future.set_exception(RequestError(errors.REQUEST_FAILED, str(error.get("message"))))
        else:
            future.set_result(message["result"])

    def cancel_all(self) -> None:
        """Cancel every request that is being answered, and every question of ours."""
        for future in (*self._answering.values(), *self._asking.values()):
            future.cancel()


def _log_failure(what: str, error: BaseException) -> None:
    if isinstance(error, RequestError | PilotfishError):
        # Not its sentence, which may quote what was sent.
        kind = error.code if isinstance(error, RequestError) else type(error).__name__
        log.warning("%.100s was refused: %s", what, kind)
        log.debug("%s", error)
    else:
        log_failure(what, error)


def _is_id(value: object) -> bool:
    # JSON-RPC allows strings, numbers and null. True and False are numbers to Python only, 1e999 is infinite.
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
