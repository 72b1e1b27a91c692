"""Keys of model services: from the environment or the system's keyring, for one host each, never shown.

A key is no setting: settings only name the environment variable. In the keyring a key is filed under the host
that it was stored for, so that a backend whose address was changed finds none, rather than sending it there.

The `keyring` package is an optional extra (docs/decisions/0004-secrets.md) and is imported where it is first
asked. It may talk to another process, or make the system ask the user: call `find_key` in a thread.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn, Protocol
from urllib.parse import urlsplit

from pilotfish.errors import IndexFault, KeyFault, NoKeyring
from pilotfish.platform.paths import keyed_hosts_file, make_private

_DEFAULT_PORTS = {"http": 80, "https": 443}
_RECOMMENDED_PRIORITY = 1  # keyring's own measure; below are the plain-text files and the placeholders
_MAX_CHARS = 4096


class Secret:
    """A key that shows itself only to who asks for it by `reveal()`.

    Attributes:
        origin: where it was found, in words for the user.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str) -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """The key itself: for the header of a request and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


class Keyring(Protocol):
    """What we use of a system's keyring: a value for a service and a user's name."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The value, or None."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """File the value."""
        ...

    def delete_password(self, service: str, username: str, /) -> None:
        """Forget the value."""
        ...


def host_of(url: str) -> str:
    """`host`, or `host:port` where the port is not the usual one: what a key is stored for.

    Raises:
        KeyFault: the address has no host.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host:
        raise KeyFault("an address without a host can have no key; write it as https://host/…")
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"


def find_key(name: str, host: str, key_env: str, keyring: Keyring | None = None) -> Secret | None:
    """The key of the backend `name` for `host`: from the variable `key_env`, else from the keyring.

    May block, see above. `key_env` is the variable that the user named for this address, or the usual one of
    a service, but then only with that service's own host: the variable says nothing of whom it is for.

    Raises:
        KeyFault: there is a key that cannot be used, or the keyring fails.
    """
    value = os.environ.get(key_env, "").strip() if key_env else ""
    if value:
        return Secret(
            _checked(value, f"the environment variable {key_env}"), f"environment variable {key_env}"
        )
    try:
        keyring = keyring or system_keyring()
    except NoKeyring:
        return None
    try:
        found = keyring.get_password(_service(host), name)
    except Exception as error:  # noqa: BLE001 - keyrings are plug-ins of others and raise what they like
        raise _failed("read", error) from None
    return Secret(_checked(found, "the system keyring"), "system keyring") if found else None


def store_key(name: str, host: str, value: str, keyring: Keyring | None = None) -> None:
    """File a key for the backend `name` and no other host than `host`.

    Raises:
        NoKeyring: there is none; the sentence says why.
        KeyFault: the key is none, or the keyring fails.
    """
    value = _checked(value.strip(), "what was given")
    keyring = keyring or system_keyring()
    try:
        keyring.set_password(_service(host), name, value)
    except Exception as error:  # noqa: BLE001 - see find_key
        raise _failed("written", error) from None
    _note(host)


def forget_key(name: str, host: str, keyring: Keyring | None = None) -> bool:
    """Delete a key from the keyring; whether there was one.

    Raises:
        NoKeyring: there is none; the sentence says why.
        KeyFault: the keyring fails.
    """
    keyring = keyring or system_keyring()
    try:
        if keyring.get_password(_service(host), name) is None:
            return False
        keyring.delete_password(_service(host), name)
    except Exception as error:  # noqa: BLE001 - see find_key
        raise _failed("changed", error) from None
    return True


def was_kept(host: str) -> bool:
    """Whether `store_key` has ever been asked to keep a key for this host. Quick; may say yes too often.

    Asking the keyring takes 10 MB for as long as the process lives: too much for servers on this machine, of
    which hardly any wants a key.
    """
    try:
        return host in keyed_hosts_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True


def _note(host: str) -> None:
    """Remember that there is a key for this host."""
    file = keyed_hosts_file()
    try:
        if not was_kept(host):
            make_private(file.parent)
            with file.open("a", encoding="utf-8") as notes:
                notes.write(f"{host}\n")
    except (OSError, IndexFault) as error:
        raise KeyFault(f"the key is kept, but not that it is: {error}") from error


def system_keyring() -> Keyring:
    """The keyring that the system, or the user's configuration of `keyring`, offers.

    Raises:
        NoKeyring: the package is not installed, or it finds nothing safe to keep a key in.
    """
    try:
        import keyring  # noqa: PLC0415 - an optional extra, 60 ms
    except ImportError:
        raise NoKeyring(
            f"the system keyring cannot be reached: install it with: {sys.executable} -m pip install keyring"
        ) from None
    try:
        found = keyring.get_keyring()
        is_safe = found.priority >= _RECOMMENDED_PRIORITY
    except Exception as error:  # noqa: BLE001 - see find_key
        raise _failed("opened", error) from None
    if not is_safe:
        raise NoKeyring("this system offers no keyring (a desktop's keyring is missing or not running)")
    return found


def _service(host: str) -> str:
    return f"pilotfish {host}"


def _checked(value: str, place: str) -> str:
    """The value, if it can stand in a header of HTTP; whatever is wrong with it, it is not repeated."""
    if not value:
        raise KeyFault(f"{place} is empty")
    if len(value) > _MAX_CHARS or not value.isascii() or not value.isprintable() or " " in value:
        raise KeyFault(f"{place} is not a key: a key is one line of ASCII characters without spaces")
    return value


def _failed(action: str, error: Exception) -> KeyFault:
    """Only the kind of the error is told, since its text may hold what was to be stored."""
    kind = type(error).__name__
    return KeyFault(
        f"the system keyring cannot be {action} ({kind}): unlock it, or use an environment variable"
    )
