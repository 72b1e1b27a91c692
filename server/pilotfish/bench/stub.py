"""The stub model server as the benchmark uses it: started, asked what it did, ended."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pilotfish.bench.stub_model import Script
from pilotfish.errors import InputError, ServerGone


def parse_script(text: str) -> Script:
    """`first_token_ms=80,tokens_per_s=60,…`; an empty text is a model that answers at once.

    Raises:
        InputError: there is no such name, or its value is no number.
    """
    kinds = {name: type(value) for name, value in asdict(Script()).items()}
    values: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals or name.strip() not in kinds:
            raise InputError(f"{part!r} says nothing to the stub; it knows {', '.join(kinds)}, as name=value")
        try:
            values[name.strip()] = kinds[name.strip()](value)
        except ValueError:
            raise InputError(f"{part!r}: {value!r} is no number") from None
    script = Script(**values)
    if not (0 <= script.jitter <= 1 and 0 <= script.failures <= 1):
        raise InputError("jitter and failures of the stub are shares, from 0 to 1")
    if min(script.first_token_ms, script.tokens_per_s) < 0:
        raise InputError("first_token_ms and tokens_per_s of the stub cannot be negative")
    return script


@contextmanager
def running(script: Script, folder: Path) -> Iterator[tuple[str, Path]]:
    """Its address and its log, in `folder`, while it runs."""
    log = folder / "stub.jsonl"
    command = [sys.executable, "-m", "pilotfish.bench.stub_model", json.dumps(asdict(script)), str(log)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            port = process.stdout.readline().decode().strip()
            if not port:
                raise ServerGone("the stub model server did not start")
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.kill()
            process.communicate()


def as_settings(url: str) -> dict[str, Any]:
    """Settings with which pilotfish asks this stub and nothing else."""
    return {"backend": ["stub"], "backends": {"stub": {"kind": "llama.cpp", "url": url}}}


def calls(log: Path) -> list[Mapping[str, Any]]:
    """What the stub did, call by call (`stub_model.Call`)."""
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]
