"""How each service answers, by its documentation: documented, not recorded. Sources are in docs/backends.md.

Each stream says `TEXT`, in pieces, with what that service is known to put around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pilotfish.errors import (
    BackendBusy,
    BackendError,
    BackendUnavailable,
    KeyRefused,
    NoCredit,
    PromptRefused,
)

TEXT = "return “naïve” + 完成 😀"
PIECES = ("return ", "“naïve” ", "+ 完成", " 😀")


def sse(*data: Any, done: bool = True, end: str = "\n\n") -> bytes:
    """Server-sent events; a string stands as it is, anything else as JSON after `data: `."""
    lines = [one if isinstance(one, str) else f"data: {json.dumps(one, ensure_ascii=False)}" for one in data]
    return "".join(line + end for line in [*lines, *(["data: [DONE]"] if done else [])]).encode()


def named(*data: dict[str, Any]) -> bytes:
    """Events named after their `type`."""
    return sse(
        *(f"event: {one['type']}\ndata: {json.dumps(one, ensure_ascii=False)}" for one in data), done=False
    )


def texts(**more: Any) -> list[dict[str, Any]]:
    return [{"choices": [{"index": 0, "text": piece, **more}]} for piece in PIECES]


def deltas(**more: Any) -> list[dict[str, Any]]:
    return [{"choices": [{"index": 0, "delta": {"content": piece, **more}}]} for piece in PIECES]


FIRST = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]}
LAST = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
USAGE = {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}}
THOUGHT = {"choices": [{"index": 0, "delta": {"reasoning_content": "Let me think.", "content": None}}]}


@dataclass(frozen=True)
class Shapes:
    """A service's shapes: `kind` and `model` as in the settings, the streams for holes and conversations.

    `errors` are statuses, bodies and what they mean. `inside` is an error in the middle of a stream.
    """

    kind: str
    model: str = ""
    fill: bytes = b""
    chat: bytes = b""
    content_type: str = "text/event-stream"
    errors: tuple[tuple[int, Any, type[BackendError]], ...] = ()
    inside: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def openai_error(message: str, kind: str, code: Any = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


OPENAI_ERRORS: tuple[tuple[int, Any, type[BackendError]], ...] = (
    (
        401,
        openai_error("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
        KeyRefused,
    ),
    (
        404,
        openai_error("The model does not exist.", "invalid_request_error", "model_not_found"),
        PromptRefused,
    ),
    (429, openai_error("Rate limit reached.", "requests", "rate_limit_exceeded"), BackendBusy),
    (429, openai_error("You exceeded your quota.", "insufficient_quota", "insufficient_quota"), NoCredit),
    (500, openai_error("The server had an error.", "server_error"), BackendUnavailable),
)
OPENAI_INSIDE = sse(FIRST, openai_error("The server had an error.", "server_error"), done=False)

ANTHROPIC_EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 9}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm."}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "ping"},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    *(
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": piece}}
        for piece in PIECES
    ),
    {"type": "an_event_of_the_future", "data": 1},
    {"type": "content_block_stop", "index": 1},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}},
    {"type": "message_stop"},
]
RESPONSES_EVENTS: list[dict[str, Any]] = [
    {"type": "response.created", "response": {"id": "r", "status": "in_progress"}},
    {"type": "response.reasoning_summary_text.delta", "delta": "Thinking."},
    {"type": "response.output_item.added", "output_index": 0},
    *({"type": "response.output_text.delta", "delta": piece} for piece in PIECES),
    {"type": "response.output_text.done", "text": TEXT},
    {"type": "response.completed", "response": {"id": "r", "usage": {"output_tokens": 4}}},
]
OLLAMA_LINES = [
    *({"model": "m", "response": piece, "done": False} for piece in PIECES),
    {"model": "m", "response": "", "done": True, "done_reason": "stop", "total_duration": 5},
]


def ndjson(*data: Any) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in data).encode()


def anthropic_error(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": "req"}


SERVICES = (
    Shapes(
        "llama.cpp",
        fill=sse(
            ":",
            {"content": "", "stop": False},  # it holds back half characters
            *({"content": piece, "stop": False} for piece in PIECES),
            {"content": "", "stop": True, "stop_type": "eos", "timings": {"prompt_n": 3}},
            done=False,
        ),
        chat=sse(FIRST, *deltas(), LAST, USAGE),
        errors=(
            (
                401,
                {"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}},
                KeyRefused,
            ),
            (400, {"error": {"code": 400, "type": "exceed_context_size_error", "n_ctx": 1}}, PromptRefused),
            (
                501,
                {"error": {"code": 501, "type": "not_supported_error", "message": "Infill"}},
                PromptRefused,
            ),
            (
                503,
                {"error": {"code": 503, "type": "unavailable_error", "message": "Loading"}},
                BackendUnavailable,
            ),
        ),
        inside=sse({"error": {"code": 500, "message": "Compute error.", "type": "server_error"}}, done=False),
    ),
    Shapes(
        "ollama",
        "qwen2.5-coder:1.5b-base",
        fill=ndjson(*OLLAMA_LINES),
        chat=sse(FIRST, *deltas(), LAST, USAGE),
        content_type="application/x-ndjson",
        errors=(
            (404, {"error": 'model "m" not found, try pulling it first'}, PromptRefused),
            (503, {"error": "server busy, please try again. maximum pending requests exceeded"}, BackendBusy),
        ),
        inside=ndjson(OLLAMA_LINES[0], {"error": "an error was encountered while running the model"}),
    ),
    Shapes(
        "vllm",
        "Qwen/Qwen2.5-Coder-7B",
        fill=sse(*texts(stop_reason=None), USAGE),
        chat=sse(FIRST, *deltas(), LAST, USAGE),
        errors=(
            (400, openai_error("suffix is not currently supported", "BadRequestError", 400), PromptRefused),
            (
                404,
                {"object": "error", "message": "No model", "type": "NotFoundError", "code": 404},
                PromptRefused,
            ),
        ),
        inside=sse(openai_error("EngineDeadError", "InternalServerError", 500)),
    ),
    Shapes("sglang", "Qwen/Qwen2.5-Coder-7B", fill=sse(*texts(), USAGE), chat=sse(FIRST, *deltas(), LAST)),
    Shapes("lmstudio", "qwen2.5-coder", fill=sse(*texts()), chat=sse(*deltas(), LAST)),
    Shapes(
        "tabby",
        fill=json.dumps({"id": "c", "choices": [{"index": 0, "text": TEXT}]}, indent=2).encode(),
        chat=sse(*deltas(), LAST),
        content_type="application/json",
        errors=((400, "", PromptRefused), (401, "", KeyRefused)),
    ),
    Shapes(
        "openai-shaped", "starcoder2-3b", fill=sse(*texts(), end="\r\n\r\n"), chat=sse(*deltas(), end="\r\r")
    ),
    Shapes(
        "deepseek",
        fill=sse(": keep-alive", *texts(), {"choices": [{"text": "", "finish_reason": "stop"}]}, USAGE),
        chat=sse(": keep-alive", FIRST, THOUGHT, *deltas(), LAST, USAGE),
        errors=(
            (401, openai_error("Authentication Fails", "authentication_error"), KeyRefused),
            (402, openai_error("Insufficient Balance", "unknown_error", "invalid_request_error"), NoCredit),
            (422, openai_error("Invalid parameters", "invalid_request_error"), PromptRefused),
            (429, openai_error("Rate Limit Reached", "rate_limit_error"), BackendBusy),
            (503, openai_error("Server overloaded", "server_error"), BackendUnavailable),
        ),
    ),
    Shapes(
        "kimi",
        chat=sse(
            FIRST,
            THOUGHT,
            *deltas(),
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "usage": {"total_tokens": 13}}]},
            USAGE,
        ),
        errors=(
            (404, {"error": {"message": "Not found", "type": "resource_not_found_error"}}, PromptRefused),
            (429, {"error": {"message": "slow", "type": "rate_limit_reached_error"}}, BackendBusy),
            (429, {"error": {"message": "busy", "type": "engine_overloaded_error"}}, BackendBusy),
            (429, {"error": {"message": "empty", "type": "exceeded_current_quota_error"}}, NoCredit),
        ),
    ),
    Shapes(
        "doubao",
        chat=sse(FIRST, *deltas(), LAST, USAGE),
        errors=(
            (401, {"error": {"code": "AuthenticationError", "type": "Unauthorized"}}, KeyRefused),
            (403, {"error": {"code": "AccountOverdueError", "type": "Forbidden"}}, NoCredit),
            (429, {"error": {"code": "RateLimitExceeded.EndpointTPMExceeded"}}, BackendBusy),
            (429, {"error": {"code": "ServerOverloaded", "type": "TooManyRequests"}}, BackendBusy),
        ),
    ),
    Shapes(
        "qwen",
        "qwen2.5-coder-7b-instruct",
        fill=sse(*texts(), USAGE),
        chat=sse(FIRST, *deltas(), LAST, USAGE),
        errors=(
            (400, {"error": {"code": "Arrearage", "message": "Access denied"}, "request_id": "r"}, NoCredit),
            (429, {"error": {"code": "limit_requests", "type": "limit_requests"}}, BackendBusy),
        ),
    ),
    Shapes(
        "zhipu",
        chat=sse(FIRST, THOUGHT, *deltas(), LAST),
        errors=(
            (401, {"error": {"code": "1000", "message": "Authentication failed"}}, KeyRefused),
            (429, {"error": {"code": "1302", "message": "Too many requests"}}, BackendBusy),
            (429, {"error": {"code": "1113", "message": "No balance"}}, NoCredit),
            (400, {"error": {"code": "1211", "message": "No such model"}}, PromptRefused),
        ),
    ),
    Shapes(
        "minimax",
        chat=sse(
            {"choices": [{"delta": {"content": "", "reasoning_details": [{"text": "Hm."}]}}]}, *deltas(), LAST
        ),
        errors=((401, {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, KeyRefused),),
        inside=b'{"base_resp": {"status_code": 1013, "status_msg": "internal error"}}',
    ),
    Shapes(
        "mistral",
        fill=sse(
            *deltas()[:2],
            {"choices": [{"delta": {"content": [{"type": "text", "text": PIECES[2]}]}}]},
            *deltas()[3:],
            LAST,
        ),
        chat=sse(*deltas(), LAST),
        errors=(
            (401, {"message": "Unauthorized", "request_id": "r"}, KeyRefused),
            (422, {"detail": [{"loc": ["body"], "msg": "Field required", "input": "SOURCE"}]}, PromptRefused),
            (
                429,
                {"object": "error", "message": "Rate limit", "type": "rate_limited", "code": "1300"},
                BackendBusy,
            ),
        ),
    ),
    Shapes("siliconflow", fill=sse(*texts(), USAGE), chat=sse(FIRST, *deltas(), LAST)),
    Shapes(
        "openrouter",
        "vendor/some-model",
        chat=sse(": OPENROUTER PROCESSING", ": OPENROUTER PROCESSING", *deltas(), LAST, USAGE),
        errors=((402, {"error": {"code": 402, "message": "Insufficient credits"}}, NoCredit),),
        inside=sse({"error": {"code": 429, "message": "slow down"}, "choices": [{"delta": {"content": ""}}]}),
    ),
    Shapes("openai", chat=sse(FIRST, *deltas(), LAST, USAGE)),
    Shapes(
        "openai-responses",
        chat=named(*RESPONSES_EVENTS),
        inside=named(
            {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "x"}}}
        ),
    ),
    Shapes(
        "anthropic",
        chat=named(*ANTHROPIC_EVENTS),
        errors=(
            (400, anthropic_error("invalid_request_error"), PromptRefused),
            (401, anthropic_error("authentication_error"), KeyRefused),
            (403, anthropic_error("permission_error"), KeyRefused),
            (413, anthropic_error("request_too_large"), PromptRefused),
            (429, anthropic_error("rate_limit_error"), BackendBusy),
            (500, anthropic_error("api_error"), BackendUnavailable),
            (529, anthropic_error("overloaded_error"), BackendBusy),
        ),
        inside=named(ANTHROPIC_EVENTS[0], anthropic_error("overloaded_error")),
    ),
)
