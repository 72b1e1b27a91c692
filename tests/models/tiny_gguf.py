"""A tiny model file for the real llama.cpp server, made here: nothing is downloaded.

The model is a table of what follows each token, put into a transformer whose residual stream is one-hot (its
attention and feed-forward weights are zero). So its answers are known to the letter: after the control token
for the middle of a hole it writes `FIM_TEXT`, after any plain byte `CHAT_TEXT`. Which of them comes shows
whether control tokens were read as control tokens. Input is read byte by byte.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

FIM_PIECES = ("    return", " left", " + right")
CHAT_PIECES = (
    "Use",
    " the",
    " built",
    "-in",
    " sum():\n",
    "```python\n",
    "total = sum(xs)\n",
    "```\n",
    "完成",
)
LOOP_PIECES = ("again", " and")
FIM_TEXT, CHAT_TEXT = "".join(FIM_PIECES), "".join(CHAT_PIECES)
CONTROL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
)
ENDLESS_AFTER = "~"
"""After this byte the model says `LOOP_PIECES` for ever."""

_CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_FIM_KEYS = {"pre": "prefix", "suf": "suffix", "mid": "middle", "pad": "pad"}


def _byte_names() -> dict[int, str]:
    """GPT-2's printable stand-in for each byte, which is how its vocabulary is written down."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    names = {byte: chr(byte) for byte in printable}
    others = (byte for byte in range(256) if byte not in names)
    return names | {byte: chr(256 + number) for number, byte in enumerate(others)}


_NAMES = _byte_names()


def _spelled(text: str) -> str:
    return "".join(_NAMES[byte] for byte in text.encode())


def _vocabulary() -> tuple[list[str], list[gguf.TokenType]]:
    """Bytes, then pieces, then control tokens. There are no merges, so no input is ever read as a piece."""
    tokens = [_NAMES[byte] for byte in range(256)]
    for piece in (*FIM_PIECES, *CHAT_PIECES, *LOOP_PIECES):
        if _spelled(piece) not in tokens:
            tokens.append(_spelled(piece))
    tokens.append(_NAMES[0] * 2)  # what the one merge makes; the loader refuses a model without any merge
    types = [gguf.TokenType.NORMAL] * len(tokens) + [gguf.TokenType.CONTROL] * len(CONTROL)
    tokens += CONTROL
    while len(tokens) % 32:
        tokens.append(f"<|unused_{len(tokens)}|>")
        types.append(gguf.TokenType.UNUSED)
    return tokens, types


def _followers(tokens: list[str]) -> np.ndarray:
    """`[now, next]` is 1 where `next` follows `now`."""
    at = {token: number for number, token in enumerate(tokens)}
    table = np.zeros((len(tokens), len(tokens)), dtype=np.float32)

    def chain(*names: str) -> None:
        for now, following in pairwise(at[name] for name in names):
            table[now, following] = 1

    chain("<|fim_middle|>", *map(_spelled, FIM_PIECES), "<|endoftext|>")
    chain(*map(_spelled, CHAT_PIECES), "<|im_end|>")
    chain(*map(_spelled, (*LOOP_PIECES, LOOP_PIECES[0])))
    table[:256, at[_spelled(CHAT_PIECES[0])]] = 1
    table[at[ENDLESS_AFTER]] = 0
    chain(ENDLESS_AFTER, _spelled(LOOP_PIECES[0]))
    return table


def write_tiny_gguf(path: Path, *, window_tokens: int = 16_384) -> None:
    """Write the model, about 2 MB."""
    tokens, types = _vocabulary()
    at = {token: number for number, token in enumerate(tokens)}
    size, heads, hidden = len(tokens), 4, 32
    out = gguf.GGUFWriter(path, "llama")
    out.add_name("pilotfish-tiny")
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_context_length(window_tokens)
    out.add_embedding_length(size)
    out.add_block_count(1)
    out.add_feed_forward_length(hidden)
    out.add_head_count(heads)
    out.add_head_count_kv(heads)
    out.add_rope_dimension_count(size // heads)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(size)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen2")
    out.add_token_list(tokens)
    out.add_token_types(types)
    out.add_token_merges([f"{_NAMES[0]} {_NAMES[0]}"])
    out.add_bos_token_id(at["<|endoftext|>"])
    out.add_eos_token_id(at["<|im_end|>"])
    out.add_eot_token_id(at["<|im_end|>"])
    out.add_pad_token_id(at["<|endoftext|>"])
    out.add_add_bos_token(False)
    for key, name in _FIM_KEYS.items():
        out.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", at[f"<|fim_{name}|>"])
    out.add_uint32("tokenizer.ggml.fim_rep_token_id", at["<|repo_name|>"])
    out.add_uint32("tokenizer.ggml.fim_sep_token_id", at["<|file_sep|>"])
    out.add_chat_template(_CHAT_TEMPLATE)
    one_hot, nothing = np.eye(size, dtype=np.float32), np.zeros
    weights = {
        "token_embd": one_hot,
        "output": _followers(tokens).T,  # rows are what comes out
        "output_norm": np.ones(size, dtype=np.float32),
        "blk.0.attn_norm": np.ones(size, dtype=np.float32),
        "blk.0.ffn_norm": np.ones(size, dtype=np.float32),
        **{
            f"blk.0.attn_{name}": nothing((size, size), dtype=np.float32)
            for name in ("q", "k", "v", "output")
        },
        "blk.0.ffn_gate": nothing((hidden, size), dtype=np.float32),
        "blk.0.ffn_up": nothing((hidden, size), dtype=np.float32),
        "blk.0.ffn_down": nothing((size, hidden), dtype=np.float32),
    }
    for name, weight in weights.items():
        out.add_tensor(f"{name}.weight", np.ascontiguousarray(weight))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
