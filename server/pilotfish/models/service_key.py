"""The key of one service: looked up when first needed, put into its header, kept out of what is said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pilotfish.errors import KeyRefused
from pilotfish.platform.http import is_loopback
from pilotfish.platform.keys import find_key, host_of, was_kept

if TYPE_CHECKING:
    from pilotfish.models.setup import Setup
    from pilotfish.platform.keys import Secret


class ServiceKey:
    """One for a backend.

    Args:
        name: what the settings call the backend.
        setup: where it is, and what is known of its key.
        is_needed: whether nothing is asked without a key. Of a server on this machine that needs none, the
            keyring is asked only if a key was kept for it.
        key: where it is known already; else it is looked for.
    """

    def __init__(self, name: str, setup: Setup, *, is_needed: bool, key: Secret | None = None) -> None:
        self._name = name
        self._host = host_of(setup.url)
        self._variable = setup.key_env
        self._is_here = is_loopback(setup.url)
        self._header_name = setup.target.preset.key_header
        self._is_needed = is_needed
        self._was_looked_for = key is not None
        self._key = key

    async def header(self) -> dict[str, str]:
        """As the service wants it; none where there is no key and none is needed.

        Raises:
            KeyRefused: there is none, or it cannot be read.
        """
        if not self._was_looked_for:
            if self._may_exist():
                self._key = await asyncio.to_thread(find_key, self._name, self._host, self._variable)
            self._was_looked_for = True
        if self._key is not None:
            value = self._key.reveal()
            return {self._header_name: f"Bearer {value}" if self._header_name == "authorization" else value}
        if self._is_needed:
            variable = self._variable or f"`backends.{self._name}.key_env`"
            raise KeyRefused(
                f"There is no key for {self._name} at {self._host}. "
                f"Set {variable}, or run `pilotfish auth login {self._name}`."
            )
        return {}

    def forget(self) -> None:
        """It was refused: the next question looks for it anew."""
        self._was_looked_for = False

    def kept_out(self, page: bytes) -> bytes:
        """The page without it: some services repeat the key that they refuse, and errors are logged."""
        return page.replace(self._key.reveal().encode(), b"(the key)") if self._key else page

    def _may_exist(self) -> bool:
        """Whether it is worth looking for; quick."""
        is_usual = self._is_needed or bool(self._variable) or not self._is_here
        return is_usual or was_kept(self._host)
