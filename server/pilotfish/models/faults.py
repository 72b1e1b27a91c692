"""What a service's refusal means: HTTP status, headers and the body's many shapes → one error of our tree.

The body's own words are trusted more than the status: 429 can mean that the money is gone, and 200 can carry
an error. What is quoted is short, on one line and redacted, since some services repeat the prompt in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pilotfish.errors import (
    BackendBusy,
    BackendError,
    BackendUnavailable,
    KeyRefused,
    NoCredit,
    PromptRefused,
)
from pilotfish.platform.redact import redact

MAX_QUOTED_CHARS = 160

_BY_WORD: Mapping[str, type[BackendError]] = {
    # Words in `type` or `code`, whole; of OpenAI, Anthropic, Kimi, Ark, DashScope, Zhipu, MiniMax, llama.cpp.
    "insufficient_quota": NoCredit,
    "exceeded_current_quota_error": NoCredit,
    "billing_error": NoCredit,
    "AccountOverdueError": NoCredit,
    "Arrearage": NoCredit,
    "1113": NoCredit,
    "1008": NoCredit,
    "authentication_error": KeyRefused,
    "permission_error": KeyRefused,
    "invalid_api_key": KeyRefused,
    "AuthenticationError": KeyRefused,
    "1004": KeyRefused,
    "rate_limit_error": BackendBusy,
    "rate_limit_reached_error": BackendBusy,
    "engine_overloaded_error": BackendBusy,
    "overloaded_error": BackendBusy,
    "overloaded": BackendBusy,
    "ServerOverloaded": BackendBusy,
    "1002": BackendBusy,
    "1302": BackendBusy,
    "1303": BackendBusy,
    "1305": BackendBusy,
    "1312": BackendBusy,
    "1001": BackendUnavailable,
    "1013": BackendUnavailable,
    "api_error": BackendUnavailable,
    "server_error": BackendUnavailable,
    "unavailable_error": BackendUnavailable,
    "invalid_request_error": PromptRefused,
    "not_found_error": PromptRefused,
    "not_supported_error": PromptRefused,
    "request_too_large": PromptRefused,
    "exceed_context_size_error": PromptRefused,
}
_BY_STATUS: Mapping[int, type[BackendError]] = {
    401: KeyRefused,
    402: NoCredit,
    403: KeyRefused,
    408: BackendUnavailable,
    409: BackendUnavailable,
    425: BackendUnavailable,
    429: BackendBusy,
    503: BackendBusy,
    529: BackendBusy,
}
_TOO_LONG = "too large to process"
"""llama.cpp says so of a text to be embedded, with a status of 500; it will say it again."""
_ADVICE: Mapping[type[BackendError], str] = {
    BackendUnavailable: "It may work again soon.",
    BackendBusy: "It is left alone for a while.",
    KeyRefused: "Check the key that it is given.",
    NoCredit: "Top up the account, or choose another backend.",
    PromptRefused: "Check `model`, `url` and `options` of this backend.",
}


def fault_of(name: str, status: int, headers: Mapping[str, str], body: bytes) -> BackendError:
    """The error that an answer with a status of 300 or more means; `name` is the backend's."""
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    words, text = _words(data)
    kind = PromptRefused if _TOO_LONG in text else _kind(words, status)
    error = _error(kind, name, f"{status} {text}".strip(), _retry_after_s(headers))
    if (hint := headers.get("x-should-retry")) in ("true", "false"):
        error.may_retry = hint == "true"
    return error


def fault_in(name: str, data: Mapping[str, Any]) -> BackendError | None:
    """The error that an event inside a successful answer carries, if it does."""
    base = data.get("base_resp")
    is_error = (
        data.get("error")
        or data.get("object") == "error"
        or data.get("type") in ("error", "response.failed")
        or (isinstance(base, dict) and base.get("status_code"))
    )
    if not is_error:
        return None
    words, text = _words(data)
    status = next((int(word) for word in words if word.isdigit() and 400 <= int(word) < 600), 500)
    return _error(_kind(words, status), name, text or "an error in the middle of its answer", None)


def _kind(words: list[str], status: int) -> type[BackendError]:
    named = [_BY_WORD[word] for word in words if word in _BY_WORD]
    if named and not (status in _BY_STATUS and named[0] is PromptRefused):
        return named[0]
    return _BY_STATUS.get(status, BackendUnavailable if status >= 500 else PromptRefused)


def _error(kind: type[BackendError], name: str, text: str, retry_after_s: float | None) -> BackendError:
    quoted = redact(" ".join(text.split()))[0][:MAX_QUOTED_CHARS].rstrip(".")
    return kind(f"{name} refuses: {quoted}. {_ADVICE[kind]}", retry_after_s=retry_after_s)


def _words(data: Any) -> tuple[list[str], str]:
    """The words that classify an error (most telling first) and its text, whatever shape it has."""
    if not isinstance(data, dict):
        return [], ""
    for key in ("error", "response"):  # `response` holds the `error` of OpenAI's `response.failed`
        if isinstance(data.get(key), dict):
            return _words(data[key])
    base = data.get("base_resp")
    if isinstance(base, dict):
        return [str(base.get("status_code"))], str(base.get("status_msg", ""))
    words = [str(data[key]) for key in ("code", "type", "error_type", "status") if data.get(key)]
    detail = data.get("detail")
    if isinstance(detail, list):
        detail = "; ".join(str(item.get("msg", "")) for item in detail if isinstance(item, dict))
    return words, str(data.get("message") or data.get("error") or detail or "")


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """For how long the service asks for quiet: milliseconds, seconds, or a date."""
    try:
        if (ms := headers.get("retry-after-ms")) is not None:
            return max(0.0, float(ms) / 1000)
        value = headers.get("retry-after")
        return None if value is None else max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
