"""The child of `gguf.py`: llama.cpp's server for one file. Orders come as a line of JSON on standard input.

It prints its address, and ends with its input.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serve until nobody is left to serve."""
    import xllamacpp  # type: ignore[import-untyped]  # noqa: PLC0415 - the extra `local`

    orders = json.loads(sys.stdin.readline())
    params = xllamacpp.CommonParams()
    params.model.path = orders["file"]
    params.port = 0
    params.n_ctx = orders["window_tokens"]
    params.n_parallel = orders["slots"]
    params.api_keys = [orders["key"]]
    params.endpoint_slots = False
    if orders["threads"] > 0:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = orders["threads"]
    if orders["gpu_layers"] >= 0:
        params.n_gpu_layers = orders["gpu_layers"]
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    # The server's own threads may be in the middle of an answer: nothing is worth waiting for.
    os._exit(0)


if __name__ == "__main__":
    main()
