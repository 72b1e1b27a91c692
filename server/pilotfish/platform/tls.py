"""Whom to trust on the way to another machine, and who we are if a server asks."""

from __future__ import annotations

import os
import ssl
import sys

from pilotfish.errors import BackendError


def tls_context(client_certificate: str) -> ssl.SSLContext:
    """Trusts the system's store, and the file in `SSL_CERT_FILE` beside it. Slow: for a thread.

    Args:
        client_certificate: path of a PEM file with our own certificate and its key; may be empty.

    Raises:
        BackendError: a file of certificates cannot be used.
    """
    context = _system_store()
    authorities = os.environ.get("SSL_CERT_FILE", "")
    for file, load in (
        (authorities, context.load_verify_locations),
        (client_certificate, context.load_cert_chain),
    ):
        try:
            if file:
                load(file)
        except OSError as error:  # ssl.SSLError is one
            raise BackendError(
                f"The certificate file {file} cannot be used ({error}). Correct its path."
            ) from error
    return context


def _system_store() -> ssl.SSLContext:
    """The certificate store of this system.

    On Linux Python reads it itself, once. truststore knows those of macOS and Windows; on Linux it would read
    200 certificates again for each connection, which holds the loop for 23 ms (measured).
    """
    if sys.platform in ("darwin", "win32"):
        import truststore  # noqa: PLC0415 - with httpx, in a thread

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context()
