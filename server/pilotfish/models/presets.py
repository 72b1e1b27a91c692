"""Every service that is known, as data: a name in the settings and a key are enough to use one.

The table in docs/backends.md is generated from here. `proof` is the honest word on each: `real` was run
against a real server in our tests, `shape` speaks a wire shape that was, to a service that was not, and
`documented` follows the service's documentation only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Proof = Literal["real", "shape", "documented"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A service.

    Attributes:
        title: its name for people.
        url: base address; empty where the user must say it.
        base_path: what is added to an address that the user gives without any path.
        key_env: the environment variable that usually holds its key; empty for servers without keys.
        model: the model that is asked if the user names none; empty where the server has but one.
        needs_model: whether the user must name one if `model` is empty.
        fill: the wire shape for holes; empty where holes go as a conversation.
        fill_path: what is added to `url` for it.
        fill_models: patterns of the models that it fills holes with; others get a conversation.
        known_fill: the shape that is better once the model's control tokens are known, and its path.
        tokens_path: where the server tells how it reads a text, which tells them; added to `url`.
        takes_suffix: whether it writes control tokens itself, from a `suffix` field.
        chat: the wire shape for conversations; empty where there are none.
        chat_path: what is added to `url` for it.
        embed_path: where it makes vectors of texts; empty where it does not.
        embed: the wire shape for that.
        prefill: the field that marks the beginning of an answer; `last` where its place does; or it cannot.
        body: fields of every conversation, for example to switch thinking off.
        tells_usage: whether it counts at the end of a stream if `stream_options` asks for it.
        is_vendor: whether it is the models' own maker, who understands the fields in `ModelProfile.body`.
        max_tokens_field: what the bound of the answer is called.
        max_stops: how many stop strings are accepted.
        temperature: the lowest one that is accepted.
        key_header: the header in which the key goes.
        headers: other headers.
        window_path: what is added to `url` for a page that tells of the context window, if any.
        proof: see the module.
    """

    title: str
    url: str = ""
    base_path: str = ""
    key_env: str = ""
    model: str = ""
    needs_model: bool = True
    fill: str = ""
    fill_path: str = ""
    fill_models: tuple[str, ...] = ("*",)
    known_fill: tuple[str, str] = ("", "")
    tokens_path: str = ""
    takes_suffix: bool = False
    chat: str = "chat"
    chat_path: str = "/chat/completions"
    embed_path: str = ""
    embed: Literal["openai", "ollama"] = "openai"
    prefill: Literal["", "last", "partial", "prefix"] = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    tells_usage: bool = False
    is_vendor: bool = False
    max_tokens_field: str = "max_tokens"
    max_stops: int = 4
    temperature: float = 0.0
    key_header: Literal["authorization", "x-api-key"] = "authorization"
    headers: Mapping[str, str] = field(default_factory=dict)
    window_path: str = ""
    proof: Proof = "documented"


_NO_THINKING = {"thinking": {"type": "disabled"}}
_NO_THINKING_TEMPLATE = {"chat_template_kwargs": {"enable_thinking": False}}

_KIMI = Preset(
    "Moonshot Kimi",
    "https://api.moonshot.ai/v1",
    key_env="MOONSHOT_API_KEY",
    model="kimi-k2.6",
    prefill="partial",
    is_vendor=True,
    max_tokens_field="max_completion_tokens",
)
_DOUBAO = Preset(
    "ByteDance Doubao (Volcengine Ark)",
    "https://ark.cn-beijing.volces.com/api/v3",
    key_env="ARK_API_KEY",
    model="doubao-seed-1-6-lite-251015",
    is_vendor=True,
    prefill="last",
)
_ZHIPU = Preset(
    "Zhipu GLM (China)",
    "https://open.bigmodel.cn/api/paas/v4",
    key_env="ZHIPUAI_API_KEY",
    model="glm-4.7",
    is_vendor=True,
    max_stops=1,
    temperature=0.01,
)
_MINIMAX = Preset(
    "MiniMax",
    "https://api.minimax.io/v1",
    key_env="MINIMAX_API_KEY",
    model="MiniMax-M3",
    is_vendor=True,
    body={"reasoning_split": True},
    max_tokens_field="max_completion_tokens",
    temperature=0.01,
)
_MISTRAL = Preset(
    "Mistral",
    "https://api.mistral.ai/v1",
    key_env="MISTRAL_API_KEY",
    model="codestral-latest",
    fill="completions",
    fill_path="/fim/completions",
    fill_models=("codestral-2*", "codestral-l*"),
    takes_suffix=True,
    embed_path="/embeddings",
    prefill="prefix",
)
_OPENAI = Preset(
    "OpenAI (chat)",
    "https://api.openai.com/v1",
    key_env="OPENAI_API_KEY",
    model="gpt-4.1-mini",
    embed_path="/embeddings",
    tells_usage=True,
    is_vendor=True,
    max_tokens_field="max_completion_tokens",
    proof="shape",
)
_SHAPED = Preset(
    "any server with OpenAI's shapes",
    base_path="/v1",
    fill="completions",
    fill_path="/completions",
    embed_path="/embeddings",
    needs_model=False,
    window_path="/models",
    proof="real",
)

PRESETS: Mapping[str, Preset] = {
    "llama.cpp": Preset(
        "llama.cpp server",
        "http://127.0.0.1:8080",
        needs_model=False,
        fill="infill",
        fill_path="/infill",
        known_fill=("completion", "/completion"),
        tokens_path="/tokenize",
        chat_path="/v1/chat/completions",
        embed_path="/v1/embeddings",
        prefill="last",
        body=_NO_THINKING_TEMPLATE,
        max_stops=16,
        window_path="/props",
        proof="real",
    ),
    "ollama": Preset(
        "Ollama",
        "http://127.0.0.1:11434",
        fill="generate",
        fill_path="/api/generate",
        chat_path="/v1/chat/completions",
        embed_path="/api/embed",
        embed="ollama",
        body={"reasoning_effort": "none"},
        max_stops=16,
    ),
    "vllm": replace(
        _SHAPED, title="vLLM", url="http://127.0.0.1:8000/v1", body=_NO_THINKING_TEMPLATE, proof="shape"
    ),
    "sglang": replace(
        _SHAPED, title="SGLang", url="http://127.0.0.1:30000/v1", body=_NO_THINKING_TEMPLATE, proof="shape"
    ),
    "lmstudio": replace(_SHAPED, title="LM Studio", url="http://127.0.0.1:1234/v1", proof="shape"),
    "tabby": Preset(
        "Tabby",
        "http://127.0.0.1:8080",
        needs_model=False,
        fill="tabby",
        fill_path="/v1/completions",
        chat_path="/v1/chat/completions",
    ),
    "openai-shaped": _SHAPED,
    "deepseek": Preset(
        "DeepSeek",
        "https://api.deepseek.com",
        key_env="DEEPSEEK_API_KEY",
        model="deepseek-flash",
        fill="completions",
        fill_path="/beta/completions",
        takes_suffix=True,
        chat_path="/beta/chat/completions",
        prefill="prefix",
        body=_NO_THINKING,
        tells_usage=True,
        max_stops=16,
    ),
    "kimi": _KIMI,
    "kimi-cn": replace(_KIMI, title="Moonshot Kimi (China)", url="https://api.moonshot.cn/v1"),
    "doubao": _DOUBAO,
    "byteplus": replace(
        _DOUBAO, title="BytePlus ModelArk", url="https://ark.ap-southeast.bytepluses.com/api/v3", prefill=""
    ),
    "qwen": Preset(
        "Alibaba Qwen (DashScope, Beijing)",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        key_env="DASHSCOPE_API_KEY",
        model="qwen3-coder-flash",
        fill="completions",
        fill_path="/completions",
        fill_models=("qwen2.5-coder-*", "qwen-coder-turbo*"),
        prefill="partial",
        is_vendor=True,
    ),
    "qwen-intl": Preset(
        "Alibaba Qwen (DashScope, Singapore)",
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        key_env="DASHSCOPE_API_KEY",
        model="qwen3-coder-flash",
        prefill="partial",
        is_vendor=True,
    ),
    "zhipu": _ZHIPU,
    "zai": replace(_ZHIPU, title="Z.ai GLM", url="https://api.z.ai/api/paas/v4", key_env="ZAI_API_KEY"),
    "minimax": _MINIMAX,
    "minimax-cn": replace(_MINIMAX, title="MiniMax (China)", url="https://api.minimaxi.com/v1"),
    "mistral": _MISTRAL,
    "codestral": replace(
        _MISTRAL, title="Codestral", url="https://codestral.mistral.ai/v1", key_env="CODESTRAL_API_KEY"
    ),
    "siliconflow": Preset(
        "SiliconFlow",
        "https://api.siliconflow.cn/v1",
        key_env="SILICONFLOW_API_KEY",
        model="Qwen/Qwen2.5-Coder-32B-Instruct",
        fill="completions",
        fill_path="/completions",
        takes_suffix=True,
        embed_path="/embeddings",
    ),
    "openrouter": Preset(
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        key_env="OPENROUTER_API_KEY",
        body={"reasoning": {"enabled": False}},
    ),
    "openai": _OPENAI,
    "openai-responses": replace(
        _OPENAI,
        title="OpenAI (responses)",
        tells_usage=False,  # it always does
        chat="responses",
        chat_path="/responses",
        max_tokens_field="max_output_tokens",
        max_stops=0,
    ),
    "anthropic": Preset(
        "Anthropic Claude",
        "https://api.anthropic.com",
        key_env="ANTHROPIC_API_KEY",
        model="claude-haiku-4-5",
        chat="messages",
        chat_path="/v1/messages",
        prefill="last",
        key_header="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
        proof="shape",
    ),
}
