"""A system keyring for tests that keeps its keys in memory."""

from __future__ import annotations

from keyring.backend import KeyringBackend


class InMemory(KeyringBackend):
    """A backend of the real package that keeps its keys in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.filed: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.filed.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.filed[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.filed[service, username]
