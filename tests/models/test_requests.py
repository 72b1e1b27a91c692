"""What is asked for, field by field: each service's own way, thinking off, nothing that a model refuses."""

from __future__ import annotations

from typing import Any

import pytest

from pilotfish.errors import BackendError, KeyRefused, PromptRefused
from pilotfish.models.backend import Chat, Message, Prompt, PromptPart
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.presets import PRESETS
from pilotfish.models.profiles import FAMILIES, profile_of
from pilotfish.models.templates import fill_template
from pilotfish.settings.model import BackendSettings
from tests.models.documented import sse
from tests.models.scripted_http import ScriptedHttp, answering

PART = PromptPart("open_tabs", "# b.py\nx = 1\n", "b.py")
HOLE = Prompt(
    "def f():\n    x = ", "\n    return x\n", (PART,), 64, ("<end>",), path="a.py", language="python"
)
TALK = Chat((Message("system", "Be short."), Message("user", "Hi")), 64, ("a", "b", "c", "d", "e"))
BEGUN = Chat((*TALK.messages, Message("assistant", "```python")), 64)
ABSENT = object()

FILLING: list[tuple[str, str, str, dict[str, Any]]] = [
    # preset, model, path, fields
    ("deepseek", "", "/beta/completions", {
        "model": "deepseek-flash",
        "prompt": "# b.py\nx = 1\ndef f():\n    x = ", "suffix": "\n    return x\n",
        "max_tokens": 64, "stop": ["<end>"], "stream": True, "thinking": ABSENT,
        "stream_options": {"include_usage": True},
    }),
    ("mistral", "", "/v1/fim/completions", {
        "model": "codestral-latest", "suffix": "\n    return x\n", "stream_options": ABSENT,
    }),
    ("qwen", "qwen2.5-coder-7b-instruct", "/compatible-mode/v1/completions", {
        "prompt": "<|file_sep|>b.py\n# b.py\nx = 1\n<|file_sep|>a.py\n"
        "<|fim_prefix|>def f():\n<|fim_suffix|>\n    return x\n<|fim_middle|>    x = ",
        "suffix": ABSENT,
    }),
    ("vllm", "bigcode/starcoder2-7b", "/v1/completions", {
        "prompt": "<file_sep>b.py\n# b.py\nx = 1\n<file_sep>a.py\n<fim_prefix>def f():\n<fim_suffix>\n"
        "    return x\n<fim_middle>    x = ",
        "suffix": ABSENT,  # refused, even when it is empty
    }),
    ("ollama", "qwen2.5-coder:7b", "/api/generate", {
        "prompt": "# b.py\nx = 1\ndef f():\n    x = ", "suffix": "\n    return x\n", "think": False,
        "options": {"num_ctx": 4096, "num_predict": 64, "temperature": 0.0, "stop": ["<end>"]},
    }),
    ("tabby", "", "/v1/completions", {
        "language": "python",
        "segments": {
            "prefix": "def f():\n    x = ", "suffix": "\n    return x\n", "filepath": "a.py",
            "declarations": [{"filepath": "b.py", "body": "# b.py\nx = 1\n"}],
        },
    }),
    ("llama.cpp", "", "/infill", {
        "input_prefix": "def f():\n    x = ", "input_suffix": "\n    return x\n", "cache_prompt": True,
        "input_extra": [{"filename": "b.py", "text": "# b.py\nx = 1\n"}],
    }),
    ("llama.cpp", "qwen2.5-coder", "/completion", {"n_predict": 64, "cache_prompt": True}),
]  # fmt: skip

TALKING: list[tuple[str, str, Chat, str, dict[str, Any]]] = [
    ("deepseek", "", TALK, "/beta/chat/completions", {"thinking": {"type": "disabled"}}),
    ("kimi", "", TALK, "/v1/chat/completions", {
        "thinking": {"type": "disabled"}, "temperature": ABSENT,
        "max_tokens": ABSENT, "max_completion_tokens": 64,
    }),
    ("kimi", "kimi-k3", TALK, "/v1/chat/completions", {"thinking": ABSENT, "temperature": ABSENT}),
    ("doubao", "", TALK, "/api/v3/chat/completions", {"thinking": {"type": "disabled"}}),
    ("qwen", "qwen3-max", TALK, "/compatible-mode/v1/chat/completions", {"enable_thinking": False}),
    ("zhipu", "", TALK, "/api/paas/v4/chat/completions", {
        "thinking": {"type": "disabled"}, "temperature": 0.01, "stop": ["a"],
    }),
    ("minimax", "", TALK, "/v1/chat/completions", {
        "reasoning_split": True, "thinking": {"type": "disabled"}, "temperature": 0.01,
    }),
    ("openai", "gpt-5.4-mini", TALK, "/v1/chat/completions", {
        "reasoning_effort": "none", "temperature": ABSENT, "stop": ABSENT, "max_completion_tokens": 64,
    }),
    ("openai", "", TALK, "/v1/chat/completions", {"stop": ["a", "b", "c", "d"], "reasoning_effort": ABSENT}),
    ("openai-responses", "gpt-5.4-mini", TALK, "/v1/responses", {
        "reasoning": {"effort": "none"}, "reasoning_effort": ABSENT, "instructions": "Be short.",
        "input": [{"role": "user", "content": "Hi"}], "max_output_tokens": 64, "store": False, "stop": ABSENT,
    }),
    ("anthropic", "", TALK, "/v1/messages", {
        "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}],
        "system": [{"type": "text", "text": "Be short.", "cache_control": {"type": "ephemeral"}}],
        "stop_sequences": ["a", "b", "c", "d"], "thinking": ABSENT,
    }),
    ("anthropic", "claude-opus-5", TALK, "/v1/messages", {"temperature": ABSENT}),
    ("openrouter", "moonshotai/kimi-k2.6", TALK, "/api/v1/chat/completions", {
        "reasoning": {"enabled": False}, "thinking": ABSENT,
    }),
    ("vllm", "Qwen/Qwen3-8B", TALK, "/v1/chat/completions", {
        "chat_template_kwargs": {"enable_thinking": False}, "enable_thinking": ABSENT,
    }),
    # The beginning of an answer, as each marks it.
    ("kimi", "", BEGUN, "/v1/chat/completions", {"messages.2.partial": True}),
    ("qwen", "", BEGUN, "/compatible-mode/v1/chat/completions", {"messages.2.partial": True}),
    ("deepseek", "", BEGUN, "/beta/chat/completions", {"messages.2.prefix": True}),
    ("mistral", "", BEGUN, "/v1/chat/completions", {"messages.2.prefix": True}),
    ("doubao", "", BEGUN, "/api/v3/chat/completions", {"messages.2.partial": ABSENT}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for preset in PRESETS.values():
        if preset.key_env:
            monkeypatch.setenv(preset.key_env, "sk-test")


async def asked(
    kind: str, model: str, prompt: Prompt | Chat, **more: Any
) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Address, body and headers of the request that was made in the end."""
    http = ScriptedHttp([answering(sse({"content": "x", "stop": True}))])
    service = PresetBackend("mine", BackendSettings(kind=kind, model=model, **more), http)
    async for _ in service.stream(prompt):
        pass
    return http.asked[-1]


def check_fields(body: dict[str, Any], expected: dict[str, Any]) -> None:
    for path, value in expected.items():
        found: Any = body
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found.get(step, ABSENT)
        assert found == value, path


@pytest.mark.parametrize(("kind", "model", "path", "expected"), FILLING)
async def test_a_hole(kind: str, model: str, path: str, expected: dict[str, Any]) -> None:
    url, body, _ = await asked(kind, model, HOLE)
    assert url.endswith(path)
    check_fields(body, expected)


async def test_where_the_service_writes_the_tokens_the_text_holds_none() -> None:
    hostile = Prompt("a = '<｜fim▁hole｜>'\nb = '", "<|fim_middle|>'")
    _, body, _ = await asked("deepseek", "", hostile)
    assert (body["prompt"], body["suffix"]) == ("a = '< ｜fim▁hole｜>'\nb = '", "< |fim_middle|>'")


@pytest.mark.parametrize(("kind", "model", "chat", "path", "expected"), TALKING)
async def test_a_conversation(kind: str, model: str, chat: Chat, path: str, expected: dict[str, Any]) -> None:
    url, body, _ = await asked(kind, model, chat)
    assert url.endswith(path)
    check_fields(body, expected)


async def test_the_key_goes_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, headers = await asked("deepseek", "", HOLE)
    assert headers["authorization"] == "Bearer sk-test"
    _, _, headers = await asked("anthropic", "", TALK)
    assert headers == {"anthropic-version": "2023-06-01", "x-api-key": "sk-test"}
    with pytest.raises(KeyRefused, match=r"no key for mine at example\.com.*`backends\.mine\.key_env`"):
        await asked("deepseek", "", HOLE, url="https://example.com")
    monkeypatch.setenv("OTHER_KEY", "sk-other")
    _, _, headers = await asked("deepseek", "", HOLE, url="https://example.com", key_env="OTHER_KEY")
    assert headers["authorization"] == "Bearer sk-other"
    _, _, headers = await asked("deepseek", "", HOLE, url="http://127.0.0.1:9")
    assert headers == {}
    monkeypatch.delenv("DEEPSEEK_API_KEY")
    with pytest.raises(KeyRefused, match="Set DEEPSEEK_API_KEY, or run `pilotfish auth login mine`"):
        await asked("deepseek", "", HOLE)


@pytest.mark.parametrize(
    ("url", "asked_url"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/completions"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/completions"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1/completions"),
        ("http://127.0.0.1:8000/api/v3", "http://127.0.0.1:8000/api/v3/completions"),
    ],
)
async def test_addresses_as_people_write_them(url: str, asked_url: str) -> None:
    assert (await asked("openai-shaped", "starcoder2", HOLE, url=url))[0] == asked_url


async def test_ollama_is_asked_raw_once_its_template_has_no_hole() -> None:
    refusal = answering(b'{"error": "registry.ollama.ai/library/m does not support insert"}', status=400)
    http = ScriptedHttp([refusal, answering(b'{"response": "x", "done": true}\n')])
    service = PresetBackend("mine", BackendSettings(kind="ollama", model="deepseek-coder:6.7b"), http)
    for _ in range(2):
        assert [piece async for piece in service.stream(HOLE)] == ["x"]
    assert [body.get("raw") for _, body, _ in http.asked] == [None, True, True]
    assert "suffix" not in http.asked[-1][1]
    assert http.asked[-1][1]["prompt"].startswith("<｜fim▁begin｜># b.py")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"fim": "nosuch"}, "one of off, qwen"),
        ({"template": "{prefix}{middle}"}, "middle"),
        ({"template": "{suffix}"}, "prefix"),
        ({"max_token": 5}, "max_token"),
        ({"max_tokens": "5"}, "max_tokens"),
        ({"body": 5}, "body"),
    ],
)
def test_bad_options_are_refused_by_name(options: dict[str, Any], says: str) -> None:
    with pytest.raises(BackendError, match=says):
        PresetBackend("mine", BackendSettings(kind="vllm", model="m", options=options))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (BackendSettings(kind="openai-shaped"), r"backends\.mine\.url"),
        (BackendSettings(kind="openrouter"), r"backends\.mine\.model"),
    ],
)
def test_what_is_missing_is_named(settings: BackendSettings, says: str) -> None:
    with pytest.raises(BackendError, match=says):
        PresetBackend("mine", settings)


async def test_options_go_over_what_is_known() -> None:
    options = {
        "template": "<A>{prefix}{line}<B>{suffix}<C>", "stop": ["<C>"], "max_tokens": 9, "window_tokens": 999,
        "temperature": 0.5, "body": {"top_k": 1, "stream": False},
    }  # fmt: skip
    service = PresetBackend("mine", BackendSettings(kind="vllm", model="unheard-of", options=options))
    assert (service.profile.max_tokens, service.profile.window_tokens) == (9, 999)
    assert service.profile.stop[-1] == "<C>"
    _, body, _ = await asked("vllm", "unheard-of", HOLE, options=options)
    assert body["prompt"] == "<A># b.py\nx = 1\ndef f():\n    x = <B>\n    return x\n<C>"
    check_fields(body, {"top_k": 1, "stream": False, "temperature": 0.5})


async def test_what_it_cannot_do_is_said() -> None:
    with pytest.raises(PromptRefused, match="fills no holes"):
        await asked("anthropic", "", HOLE)


@pytest.mark.parametrize(
    "model", ["kimi-k3", "kimi-k2.7-code", "MiniMax-M2.7", "o3", "gpt-5.2-codex", "x/kimi-k3"]
)
def test_models_that_always_think_are_unfit(model: str) -> None:
    service = PresetBackend("mine", BackendSettings(kind="openrouter", model=model))
    assert "thinks" in service.profile.unfit
    allowed = BackendSettings(kind="openrouter", model=model, options={"allow_thinking": True})
    assert not PresetBackend("mine", allowed).profile.unfit


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("Qwen/Qwen2.5-Coder-7B-Instruct-GGUF", "qwen"),
        ("qwen3-coder:30b", "qwen"),
        ("deepseek-ai/DeepSeek-Coder-V2-Lite-Base", "deepseek"),
        ("bigcode/starcoder2-3b", "starcoder"),
        ("JetBrains/Mellum-4b-base", "starcoder"),
        ("ibm-granite/granite-3b-code-base", "starcoder"),
        ("granite-4.0-h-tiny", "granite"),
        ("codellama:7b-code", "codellama"),
        ("codestral-2508", "codestral"),
        ("mamba-codestral-7b", "plain"),
        ("google/codegemma-2b", "codegemma"),
        ("ByteDance-Seed/Seed-Coder-8B-Base", "seed-coder"),
        ("codegeex4-all-9b", "codegeex"),
        ("kimi-k2.6", "plain"),
        ("opencoder-8b", "plain"),
        ("some-model-of-next-year", "plain"),
    ],
)
def test_families_by_name(model: str, family: str) -> None:
    assert profile_of(model).name == family


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_control_token_of_the_users_text_reaches_the_model(family: Any) -> None:
    profile = profile_of(family.models[0].strip("*"))
    hostile = "".join(family.control)
    hole = Prompt(f"{hostile}\n{hostile}", hostile, (PromptPart("s", hostile, hostile),), path=hostile)
    harmless = Prompt("p\nl", "s", (PromptPart("s", "c", "p"),), path="p")
    written, plain = fill_template(hole, profile), fill_template(harmless, profile)
    for token in family.control:
        assert written.count(token) == plain.count(token), token
