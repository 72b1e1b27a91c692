"""The command `pilotfish.doctor`: the doctor's report as a document, in any editor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from pilotfish.lsp.screen import EditorScreen
from pilotfish.lsp.show import show_markdown

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server


async def doctor(ls: Server, arguments: Sequence[Any]) -> dict[str, str]:
    """`pilotfish.doctor`: what works and what does not; the progress says what is being looked at."""
    # Only who asks for it waits for what it imports.
    from pilotfish.doctor.examine import examine  # noqa: PLC0415
    from pilotfish.doctor.finding import as_markdown  # noqa: PLC0415

    del arguments
    work = asyncio.current_task()
    assert work is not None, "the protocol runs requests as tasks"
    screen = EditorScreen(ls, "pilotfish: doctor", None, work)
    screen.begin()
    configuration, findings = ls.session.configuration, []
    try:
        async with aclosing(examine(ls.session.settings, configuration.faults, configuration.roots)) as found:
            async for finding in found:
                findings.append(finding)
                screen.say(finding.check)
    finally:
        screen.end("")
    report = as_markdown(findings)
    return {"uri": await show_markdown(ls, "doctor", report), "markdown": report}
