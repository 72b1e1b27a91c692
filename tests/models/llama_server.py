"""The real llama.cpp server (xllamacpp) in a process of its own: its end must not be pytest's.

Run as a script it is that process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

START_S = 60
SLOTS = 2


class LlamaServer:
    """A server over one model file. Stop it with `stop`.

    Attributes:
        url: where it answers.
        pid: its process.
    """

    def __init__(self, model: Path, *, port: int = 0, key: str = "", window_tokens: int = 16_384) -> None:
        options = {"model": str(model), "port": port, "key": key, "window_tokens": window_tokens}
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.pid = self._process.pid
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the server did not start"

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def get(self, path: str) -> Any:
        """JSON, or text, from one of its own pages."""
        with urlopen(Request(self.url + path), timeout=START_S) as reply:
            text = reply.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def busy_slots(self) -> int:
        """How many requests it works at."""
        return sum(slot["is_processing"] for slot in self.get("/slots"))

    def prompt_tokens(self) -> int:
        """How many tokens of prompts it has read so far; those in its cache are not read again."""
        name = "llamacpp:prompt_tokens_total "
        return int(
            next(line for line in self.get("/metrics").splitlines() if line.startswith(name))[len(name) :]
        )

    def memory_kb(self) -> int:
        """What it holds in memory (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._end()

    def stop(self) -> None:
        """End it in good order."""
        self._process.terminate()
        self._end()

    def _end(self) -> None:
        self._process.wait(START_S)
        assert self._process.stdout is not None
        self._process.stdout.close()


def _serve(options: dict[str, Any]) -> None:
    import signal

    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = options["model"]
    params.port = options["port"]
    params.n_ctx = options["window_tokens"] * SLOTS
    params.n_parallel = SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.endpoint_slots = params.endpoint_metrics = params.endpoint_props = True
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.verbosity = 1
    params.api_keys = [options["key"]] if options["key"] else []
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
