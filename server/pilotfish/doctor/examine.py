"""All checks, in the order in which one thing depends on another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from pathlib import Path

from pilotfish.doctor.address import check_connection, check_key, check_place
from pilotfish.doctor.finding import Finding, Level, exit_code
from pilotfish.doctor.machine import check_index, check_places, check_settings
from pilotfish.doctor.model import check_model
from pilotfish.errors import BackendError, SettingsFault
from pilotfish.models.backend import Backend
from pilotfish.models.outgoing import Outgoing
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.paths import config_file
from pilotfish.session.backends import Backends
from pilotfish.settings.model import EMBEDDED, Settings


async def examine(
    settings: Settings, faults: Sequence[SettingsFault], roots: Iterable[Path]
) -> AsyncGenerator[Finding, None]:
    """What is found, as it is found: a model may take its time, and is asked three short questions.

    Args:
        settings: what is used.
        faults: what the user said that is not.
        roots: the workspace's folders.
    """
    for found in (check_settings(config_file(), settings, faults), check_places()):
        for finding in found:
            yield finding
    for root in roots:
        for finding in await asyncio.to_thread(check_index, root, settings):
            yield finding
    yield _check_order(settings)
    refused: list[Exception] = []
    backends = Backends(refused.append)
    try:
        opened = backends.use(settings)
        for fault in refused:
            yield Finding(
                "backend", Level.PROBLEM, str(fault), "Correct this backend's table in the settings."
            )
        if EMBEDDED in settings.backend:
            text = "the embedded engine needs no model, no key and no network; nothing leaves this machine"
            yield Finding(EMBEDDED, Level.GOOD, text)
        for backend in opened.values():
            async for finding in _check_backend(backend, settings):
                yield Finding(f"{backend.name}, {finding.check}", finding.level, finding.text, finding.action)
    finally:
        await backends.aclose()


def _check_order(settings: Settings) -> Finding:
    """Who is asked for completions, if anybody is."""
    if not settings.backend:
        return Finding(
            "backend",
            Level.WARNING,
            "nobody is asked: `backend` is an empty list, so nothing is completed",
            f'Name somebody, for example backend = "{EMBEDDED}", or leave it out.',
        )
    return Finding("backend", Level.NOTE, f"asked in this order: {', '.join(settings.backend)}")


async def _check_backend(backend: Backend, settings: Settings) -> AsyncGenerator[Finding, None]:
    """One backend; what cannot work after a problem is not tried."""
    inner = backend.backend if isinstance(backend, Outgoing) else backend
    if isinstance(inner, PresetBackend):
        findings = list(check_place(inner.url, local_only=settings.privacy.local_only))
        if exit_code(findings) != 2:  # with `local_only`, no other machine is spoken to
            findings.append(await asyncio.to_thread(check_key, inner))
            findings.append(await check_connection(inner.url, settings.network.client_certificate))
        for finding in findings:
            yield finding
        if exit_code(findings) == 2:
            return
        yield await _check_window(inner)
    async for finding in check_model(backend, settings):
        yield finding


async def _check_window(service: PresetBackend) -> Finding:
    """Whether prompts fit into what the server was started with."""
    ours = service.profile.window_tokens
    try:
        theirs = await service.told_window_tokens()
    except BackendError as error:
        return Finding("window", Level.WARNING, str(error), "The model is asked all the same, below.")
    if theirs is None:
        return Finding("window", Level.NOTE, f"the server does not tell; prompts are kept to {ours:,} tokens")
    if theirs < ours:
        return Finding(
            "window",
            Level.WARNING,
            f"the server reads {theirs:,} tokens, prompts may have {ours:,}: they would be cut or refused",
            "Start the server with a larger context, "
            f"or set `backends.{service.name}.options.window_tokens = {theirs}`.",
        )
    return Finding("window", Level.GOOD, f"the server reads {theirs:,} tokens, prompts have {ours:,} at most")
