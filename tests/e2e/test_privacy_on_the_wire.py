"""What really leaves: the bytes that another "machine" gets from the server, and what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pilotfish.platform.paths import audit_file, cache_directory
from tests.e2e.far import Far, far_away
from tests.e2e.test_bad_days import Server, serving, until

KEY = "marker-7f3k9-do-not-show"
SECRETS = [
    "ghp_" + "a1B2" * 9,
    "tr0ub4dor&3",
    "sk-ant-" + "c3D4" * 10,
    "marker-in-an-ignored-file",
    "marker-in-dot-env",
]
TYPED = f"""\
GITHUB = "{SECRETS[0]}"
database.connect(user="app", password="{SECRETS[1]}")
def ordinary_marker(left, right):
    return """
OTHER = f"""\
def ordinary_marker_of_another_tab(left, right):
    return client.send(left, right, token="{SECRETS[2]}")
"""


ANSWER = b'data: {"choices": [{"text": "left + right"}]}\n\ndata: [DONE]\n\n'


@pytest.fixture
def far() -> Iterator[Far]:
    with far_away(lambda _: ("text/event-stream", ANSWER)) as server:
        yield server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    (root / ".gitignore").write_text("ignored.py\n.env\n")
    (root / "ignored.py").write_text(f"x = '{SECRETS[3]}'\ny = ")
    (root / ".env").write_text(f"KEY={SECRETS[4]}\n")
    return root


def options(far: Far, **privacy: Any) -> dict[str, Any]:
    table = {
        "kind": "openai-shaped",
        "url": f"http://{far.place}/v1",
        "model": "qwen2.5-coder",
        "key_env": "FAR_KEY",
    }
    return {
        "backend": "far",
        "backends": {"far": table},
        "completion": {"disabled_steps": ["syntax_gate"]},  # the answer is the same wherever it is asked for
        "privacy": privacy,
        "log": {"level": "debug"},
    }


def offered(server: Server, uri: str, text: str) -> list[str]:
    return server.offered(uri, text.count("\n"), len(text.rpartition("\n")[2]))


def test_secrets_ignored_files_and_the_key_stay_where_they_belong(
    far: Far, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAR_KEY", KEY)
    with serving(root, tmp_path / "log", options=options(far, audit=True)) as server:
        ignored, dot_env = "x = '" + SECRETS[3] + "'\ny = ", f"KEY={SECRETS[4]}\nOTHER="
        ignored_uri = server.open(ignored, "ignored.py")
        dot_env_uri = server.open(dot_env, ".env")
        server.open(OTHER, "other.py")
        typed_uri = server.open(TYPED)
        # Until git's rules were read a file is taken for private: then nothing is sent for it at all.
        until(lambda: offered(server, typed_uri, TYPED) == ["left + right"], lambda: server.log)
        columns = iter(range(5, 30))  # each another place, or the answer is known already
        until(
            lambda: (
                bool(server.offered(typed_uri, 2, next(columns))) and "another_tab" in far.requests[-1][1]
            ),
            lambda: far.requests[-1][1],
        )
        sent = len(far.requests)
        assert offered(server, ignored_uri, ignored) == []
        assert offered(server, dot_env_uri, dot_env) == []
        server.client.notify(
            "workspace/didChangeConfiguration", {"settings": {"pilotfish": options(far, local_only=True)}}
        )
        assert server.offered(typed_uri, 2, 4) == []  # another place: what was answered before may be shown
        assert len(far.requests) == sent
        log = server.log

    headers, body = far.requests[-1]
    assert "ordinary_marker" in body
    assert "<redacted>" in body
    assert headers["authorization"] == f"Bearer {KEY}"
    assert sum(KEY in value for value in headers.values()) == 1
    recorded = audit_file().read_text(encoding="utf-8")
    entries = [json.loads(line) for line in recorded.splitlines()]
    assert len(entries) == sent
    assert entries[-1]["host"] == far.place
    assert entries[-1]["redactions"] >= 3
    assert audit_file().stat().st_mode & 0o077 == 0
    kept = "".join(path.read_text(errors="replace") for path in cache_directory().rglob("*.json*"))
    for secret in SECRETS:
        assert all(secret not in body for _, body in far.requests), secret
        assert secret not in recorded
        assert secret not in log
    assert KEY not in "".join(body for _, body in far.requests) + recorded + log + kept
