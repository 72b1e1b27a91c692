"""What stands far down in another open document is offered as if that was closed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.test_gone_text import ASKING, HAS_IT, replace, until_offered
from tests.lsp.wire import server_process

OTHERWISE = "".join(f"value_{number} = other_{number}(here)\n" for number in range(600))


async def test_a_large_open_document_counts_as_a_whole(tmp_path: Path) -> None:
    text = f"{OTHERWISE}{HAS_IT}{OTHERWISE}"
    (tmp_path / "a.py").write_text(text)
    asking, uri = (tmp_path / "b.py").as_uri(), (tmp_path / "a.py").as_uri()
    async with server_process() as (wire, _), asyncio.timeout(30):
        await wire.initialize(tmp_path)
        wire.open(asking, ASKING)
        await until_offered(wire, asking)
        wire.open(uri, text)
        await until_offered(wire, asking)
        replace(wire, uri, text.replace("value_7 = ", "value = "))
        await until_offered(wire, asking)
        await wire.leave()
