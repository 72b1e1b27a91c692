"""Keys: where they are found, for whom, and that they show nowhere."""

from __future__ import annotations

import logging
import pickle
import sys

import keyring as real
import pytest
from keyring.errors import KeyringLocked

from pilotfish.errors import KeyFault, NoKeyring
from pilotfish.platform.keys import (
    Secret,
    find_key,
    forget_key,
    host_of,
    store_key,
    system_keyring,
    was_kept,
)
from pilotfish.platform.paths import keyed_hosts_file
from tests.keyrings import InMemory

MARKER = "marker-7f3k9-do-not-show"


class Locked(InMemory):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"cannot unlock for {MARKER}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot store {password}")


def test_a_key_is_found_only_for_the_host_and_the_name_that_it_was_stored_for(keyring: InMemory) -> None:
    store_key("deepseek", "api.deepseek.com", f" {MARKER}\n")
    found = find_key("deepseek", "api.deepseek.com", "")
    assert found is not None
    assert (found.reveal(), found.origin) == (MARKER, "system keyring")
    assert find_key("deepseek", "api.deepseek.com.evil.example", "") is None
    assert find_key("deepseek", "api.deepseek.com:8443", "") is None
    assert find_key("other", "api.deepseek.com", "") is None
    assert forget_key("deepseek", "api.deepseek.com")
    assert not forget_key("deepseek", "api.deepseek.com")
    assert find_key("deepseek", "api.deepseek.com", "") is None


def test_it_is_known_for_which_hosts_a_key_was_kept(keyring: InMemory) -> None:
    assert not was_kept("127.0.0.1:8080")
    for _ in range(2):
        store_key("local", "127.0.0.1:8080", MARKER)
    assert (was_kept("127.0.0.1:8080"), was_kept("127.0.0.1")) == (True, False)
    assert keyed_hosts_file().read_text() == "127.0.0.1:8080\n"
    keyed_hosts_file().write_bytes(b"\xff")
    assert was_kept("127.0.0.1")  # who cannot tell lets the keyring tell


def test_the_environment_comes_first_and_an_empty_variable_is_none(
    keyring: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_key("a", "host", "from-keyring-1")
    monkeypatch.setenv("SOME_KEY", "  from-environment-1\n")
    found = find_key("a", "host", "SOME_KEY")
    assert found is not None
    assert (found.reveal(), found.origin) == ("from-environment-1", "environment variable SOME_KEY")
    monkeypatch.setenv("SOME_KEY", " ")
    fallen_back = find_key("a", "host", "SOME_KEY")
    assert fallen_back is not None
    assert fallen_back.origin == "system keyring"


def test_a_secret_does_not_show() -> None:
    secret = Secret(MARKER, "somewhere")
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>40}",
        logging.makeLogRecord({"msg": "%s", "args": (secret,)}).getMessage(),
        repr([secret]),
        str(dir(secret)),
    ]
    assert not any(MARKER in text for text in shown)
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        vars(secret)


@pytest.mark.parametrize(
    "value", [f"{MARKER}\nX-Injected: 1", f"{MARKER} x", f"{MARKER}é", f"{MARKER}\x7f", MARKER * 400]
)
def test_what_is_no_key_is_refused_and_not_repeated(
    value: str, keyring: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(KeyFault, match="SOME_KEY is not a key") as fault:
        find_key("a", "host", "SOME_KEY")
    assert MARKER not in str(fault.value)
    with pytest.raises(KeyFault) as fault:
        store_key("a", "host", value)
    assert MARKER not in str(fault.value)
    assert keyring.filed == {}


def test_a_keyring_that_fails_is_one_clear_error_without_the_key(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for attempt in (
        lambda: find_key("a", "host", "", Locked()),
        lambda: store_key("a", "host", MARKER, Locked()),
        lambda: forget_key("a", "host", Locked()),
    ):
        with pytest.raises(KeyFault, match="unlock it, or use an environment variable") as fault:
            attempt()
        assert MARKER not in str(fault.value)
        assert fault.value.__cause__ is None, "a traceback would show it, and it may hold the key"
        assert fault.value.__suppress_context__
    assert MARKER not in caplog.text


def test_without_a_keyring_keys_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    former = real.get_keyring()
    assert former.priority < 1, "conftest.py names a keyring that keeps nothing"
    with pytest.raises(NoKeyring, match="offers no keyring"):
        system_keyring()
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NoKeyring, match="-m pip install keyring"):
        store_key("a", "host", "key-1")
    assert find_key("a", "host", "") is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.Deepseek.com/beta", "api.deepseek.com"),
        ("https://api.deepseek.com:443/", "api.deepseek.com"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
        ("https://host:80", "host:80"),
        ("https://trusted.example@evil.example/", "evil.example"),
    ],
)
def test_a_host_is_where_the_bytes_go(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize("url", ["", "deepseek", "https://", "https://[::1", "https://host:port/"])
def test_an_address_without_a_host_has_no_key(url: str) -> None:
    with pytest.raises(KeyFault, match="without a host"):
        host_of(url)
