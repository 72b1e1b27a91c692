"""`pilotfish doctor`: each finding with what to do; with no network, over a stub, over the real server."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pilotfish.cli.main import main
from pilotfish.doctor import machine
from pilotfish.platform.paths import config_file, index_directory
from tests.models.conftest import llama, tiny_model  # noqa: F401 - fixtures
from tests.models.llama_server import LlamaServer
from tests.platform.test_http import certificates  # noqa: F401 - a fixture

MARKER = "marker-7f3k9-do-not-show"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace as the current folder."""
    root = tmp_path / "workspace"
    root.mkdir()
    monkeypatch.chdir(root)
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
        "DEEPSEEK_API_KEY",
        "SSL_CERT_FILE",
    ):
        monkeypatch.delenv(name, raising=False)
    return root


def no_network(*args: Any, **kwargs: Any) -> None:
    raise AssertionError("nothing is to be looked up")


def configure(text: str) -> None:
    file = config_file()
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def backend(kind: str, url: str, more: str = "") -> None:
    configure(f'backend = ["x"]\n[backends.x]\nkind = "{kind}"\nurl = "{url}"\n{more}')


def doctor(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """The exit code, and the findings by what was looked at."""
    code = main(["doctor", "--json", "-", *arguments])
    written = capsys.readouterr()
    assert "Traceback" not in written.err, written.err
    found = json.loads(written.out)
    assert found["exit_code"] == code
    by_check: dict[str, list[dict[str, str]]] = {}
    for finding in found["findings"]:
        by_check.setdefault(finding["check"], []).append(finding)
        assert finding["action"] or finding["level"] in ("good", "note"), "each says what to do"
        assert finding["text"] in written.err, "what is written as JSON is shown as well"
    return code, by_check


def levels(findings: list[dict[str, str]]) -> list[str]:
    return [finding["level"] for finding in findings]


def test_with_the_embedded_engine_all_is_well_without_a_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    code, found = doctor(capsys)
    assert code == 0
    assert "needs no model, no key and no network" in found["embedded"][0]["text"]
    assert levels(found["settings"] + found["cache"]) == ["good", "good"]
    assert "pilotfish index" in found["index"][0]["action"]


def test_an_index_that_is_there_and_one_that_is_damaged(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.py").write_text("def f():\n    return 1\n")
    assert main(["index"]) == 0
    capsys.readouterr()
    assert doctor(capsys)[1]["index"][0]["text"].startswith("1 files, ")
    (index_directory(here) / "manifest.json").write_text("damaged")
    code, found = doctor(capsys)
    assert (code, levels(found["index"])) == (1, ["warning"])
    assert "--rebuild" in found["index"][0]["action"]


def test_settings_that_cannot_be_used_are_named_with_their_paths(capsys: pytest.CaptureFixture[str]) -> None:
    configure(
        '[completion]\nmax_wait_ms = "soon"\nmax_lnes = 3\n[privacy]\nlocal_only = true\naudit = true\n'
    )
    code, found = doctor(capsys)
    texts = [finding["text"] for finding in found["settings"]]
    assert code == 1
    assert any(text.startswith("completion.max_wait_ms: ") for text in texts)
    assert any("did you mean max_lines" in text for text in texts)
    assert any("local_only holds" in finding["text"] for finding in found["privacy"])
    assert any("audit.jsonl" in finding["text"] for finding in found["privacy"])


def test_settings_by_which_nothing_is_completed(capsys: pytest.CaptureFixture[str]) -> None:
    configure("backend = []\n[completion]\nenabled = false\n")
    code, found = doctor(capsys)
    assert (code, levels(found["backend"]), levels(found["completion"])) == (1, ["warning"], ["note"])
    assert 'backend = "embedded"' in found["backend"][0]["action"]


def test_a_disk_that_is_almost_full(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LITTLE_ROOM_BYTES", 2**62)
    code, found = doctor(capsys)
    assert (code, levels(found["cache"])) == (1, ["warning"])
    assert "MB left" in found["cache"][0]["text"]


def test_a_backend_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = doctor(capsys, "--backend", "no-such")
    assert (code, found["backend"][-1]["level"]) == (2, "problem")
    assert "'no-such'" in found["backend"][-1]["text"]


def test_a_service_without_a_key_and_without_a_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    code, found = doctor(capsys, "--backend", "deepseek")
    assert code == 2
    assert found["deepseek, key"][0]["level"] == "problem"
    assert "DEEPSEEK_API_KEY" in found["deepseek, key"][0]["action"]
    assert "pilotfish auth login deepseek" in found["deepseek, key"][0]["action"]
    assert "name of api.deepseek.com:443 is not known" in found["deepseek, connection"][0]["text"]
    assert "deepseek, model" not in found, "what cannot work is not tried"


def test_a_key_is_found_and_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", MARKER)
    configure('backend = "deepseek"\n')
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:secret7@proxy.example:3128")
    code, found = doctor(capsys)
    assert found["deepseek, key"][0]["text"] == (
        "there is one for api.deepseek.com, from the environment variable DEEPSEEK_API_KEY"
    )
    assert "through the proxy proxy.example," in found["deepseek, connection"][0]["text"]
    assert code == 2
    assert MARKER not in json.dumps(found)
    assert "secret7" not in json.dumps(found)


def test_with_local_only_no_other_machine_is_spoken_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setenv("DEEPSEEK_API_KEY", MARKER)
    configure('backend = "deepseek"\n[privacy]\nlocal_only = true\n')
    code, found = doctor(capsys)
    assert code == 2
    assert "never asked" in found["deepseek, address"][1]["text"]
    assert {check for check in found if check.startswith("deepseek")} == {"deepseek, address"}


class Stub(BaseHTTPRequestHandler):
    """Stands for llama.cpp's server over a model that fills holes well."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(
            "application/json", json.dumps({"default_generation_settings": {"n_ctx": 8192}}).encode()
        )

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path != "/infill":
            self.send_error(404)
            return
        prefix = json.loads(asked)["input_prefix"]
        text = (
            "a + b" if "add" in prefix else "result = width * height" if "area" in prefix else "    5,\n" * 60
        )
        words = [text[start : start + 4] for start in range(0, len(text), 4)]
        events = [{"content": word, "stop": False} for word in words] + [{"content": "", "stop": True}]
        self._answer(
            "text/event-stream", "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
        )

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The stub on a free port: its host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    server.daemon_threads = True
    server.block_on_close = False
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def stub() -> Iterator[str]:
    with serving() as place:
        yield place


def test_a_good_model_on_this_machine(stub: str, capsys: pytest.CaptureFixture[str]) -> None:
    backend("llama.cpp", f"http://{stub}")
    code, found = doctor(capsys)
    assert code == 0, found
    assert "nothing leaves it" in found["x, address"][0]["text"]
    assert found["x, window"][0]["text"].startswith("the server reads 8,192 tokens")
    assert [finding["text"] for finding in found["x, model"]] == [
        "it fills a hole: def add(a, b): return a + b",
        "it sees what stands after the cursor",
    ]
    assert "first word comes after" in found["x, speed"][0]["text"]


def test_a_window_that_is_too_small(stub: str, capsys: pytest.CaptureFixture[str]) -> None:
    backend("llama.cpp", f"http://{stub}", "options = { window_tokens = 16384 }")
    code, found = doctor(capsys)
    assert (code, levels(found["x, window"])) == (1, ["warning"])
    assert "options.window_tokens = 8192" in found["x, window"][0]["action"]


def test_an_address_where_nothing_listens_and_one_without_tls(
    stub: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    backend("llama.cpp", f"http://127.0.0.1:{port}")
    code, found = doctor(capsys)
    assert (code, found["x, connection"][0]["text"]) == (2, f"nothing listens at 127.0.0.1:{port}")
    assert "Start the model's server" in found["x, connection"][0]["action"]
    backend("llama.cpp", f"https://{stub}")
    code, found = doctor(capsys)
    assert (code, levels(found["x, connection"])) == (2, ["problem"])
    assert "does not speak TLS" in found["x, connection"][0]["text"]
    assert "http://" in found["x, connection"][0]["action"]


def test_the_real_server_with_a_model_that_chats(
    llama: LlamaServer,  # noqa: F811 - the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    backend("llama.cpp", llama.url)
    code, found = doctor(capsys)
    assert code == 1
    assert found["x, window"][0]["text"].startswith("the server reads 16,384 tokens")
    assert "it answers like a chat model" in found["x, model"][0]["text"]
    assert levels(found["x, speed"]) == ["good"]


def test_certificates(
    certificates: Path,  # noqa: F811 - the fixture
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem")
    with serving(tls) as place:
        backend("llama.cpp", f"https://{place}")
        refused, unknown = doctor(capsys)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
        accepted, known = doctor(capsys)
    assert refused == 2
    assert "is not trusted" in unknown["x, connection"][0]["text"]
    assert "SSL_CERT_FILE" in unknown["x, connection"][0]["action"]
    assert accepted == 1
    assert "certificate by authority until" in known["x, connection"][0]["text"]
    assert known["x, connection"][0]["action"] == "Its owner should renew the certificate soon."
    assert levels(known["x, model"]) == ["good", "good"]
