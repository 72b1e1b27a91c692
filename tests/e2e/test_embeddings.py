"""Vectors of code over the wire: made by a real llama.cpp, kept over restarts, and what leaves for them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pilotfish.platform.paths import embeddings_directory
from tests.e2e.far import Far, far_away
from tests.lsp.wire import Wire, server_process
from tests.models.llama_server import LlamaServer
from tests.models.tiny_gguf import write_tiny_gguf

FILES = {f"pkg/mod{number}.py": f"def only_{number}():\n    return {number}\n" for number in range(20)}
SECRETS = ["ghp_" + "a1B2" * 9, "marker-in-an-ignored-file", "marker-in-dot-env"]
PRIVATE = {
    "pkg/keys.py": f"def token():\n    return '{SECRETS[0]}'\n",
    ".gitignore": "out/\n",
    "out/a.py": f"x = '{SECRETS[1]}'\n",
    ".env": f"KEY={SECRETS[2]}\n",
}


def lay_out(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def embed(body: str) -> tuple[str, bytes]:
    texts = json.loads(body)["input"]
    data = [{"index": number, "embedding": [1.0, len(text)]} for number, text in enumerate(texts)]
    return "application/json", json.dumps({"data": data}).encode()


@pytest.fixture
def far() -> Iterator[Far]:
    with far_away(embed) as server:
        yield server


def options(kind: str, url: str, **more: Any) -> dict[str, Any]:
    return {
        "embeddings": {"backend": "vectors", "per_minute": 1_000_000},
        "backends": {"vectors": {"kind": kind, "url": url, "model": "m" if "127.0.0.2" in url else ""}},
        **more,
    }


async def status(wire: Wire) -> dict[str, Any]:
    found: dict[str, Any] = await wire.request("pilotfish/status")
    return found


async def until_all_are_made(wire: Wire) -> int:
    """Waits until each piece has its vector; how many there are."""

    def is_whole() -> Any:
        told = [
            each["params"] for each in wire.notifications if each["method"] == "pilotfish/didChangeStatus"
        ]
        last = told[-1] if told else {}
        made = last.get("embeddings", {"done": 0, "total": 0})
        return (
            last and last["index"]["state"] == "ready" and made["total"] == made["done"] > 0 and made["done"]
        )

    return int(await wire.until(is_whole))


async def test_a_real_server_makes_them_once(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", FILES)
    write_tiny_gguf(tmp_path / "tiny.gguf")
    llama = LlamaServer(tmp_path / "tiny.gguf")
    try:
        async with server_process() as (wire, _):
            await wire.initialize(root, initializationOptions=options("llama.cpp", llama.url))
            assert await until_all_are_made(wire) == len(FILES)
            await wire.leave()
    finally:
        llama.stop()
    assert os.name != "posix" or embeddings_directory().stat().st_mode & 0o777 == 0o700
    async with server_process() as (wire, _):
        gone = options("llama.cpp", llama.url)
        gone["backends"]["vectors"]["model"] = str(tmp_path / "tiny.gguf")  # which nobody is there to tell
        await wire.initialize(root, initializationOptions=gone)
        assert await until_all_are_made(wire) == len(FILES), "nobody was asked for them"
        await wire.leave()


async def test_what_leaves_the_machine(tmp_path: Path, far: Far) -> None:
    root = lay_out(tmp_path / "ws", FILES | PRIVATE)
    url = f"http://{far.place}/v1"
    async with server_process() as (wire, _):
        here = options("openai-shaped", url, privacy={"local_only": True})
        await wire.initialize(root, initializationOptions=here)
        await wire.until(lambda: any(is_ready(each) for each in wire.notifications))
        assert "embeddings" not in await status(wire)
        assert not far.requests
        here["privacy"] = {"local_only": False}
        wire.notify("workspace/didChangeConfiguration", {"settings": here})
        await until_all_are_made(wire)
        await wire.leave()
    texts = [text for _, body in far.requests for text in json.loads(body)["input"]]
    sent = "".join(texts)
    assert all(text in texts for text in FILES.values())
    assert "return '<redacted>'" in sent
    assert not [secret for secret in SECRETS if secret in sent]


def is_ready(message: dict[str, Any]) -> bool:
    told = message["params"] if message["method"] == "pilotfish/didChangeStatus" else {}
    return bool(told and told["index"]["state"] == "ready")
