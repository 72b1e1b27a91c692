"""`workspace/executeCommand`: what the user can tell pilotfish to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.actions.names import COMMAND_PREFIX
from pilotfish.lsp import actions
from pilotfish.lsp.doctor import doctor
from pilotfish.lsp.errors import INVALID_PARAMS, RequestError
from pilotfish.lsp.show import show_markdown
from pilotfish.session.explanation import explained
from pilotfish.session.statistics import statistics

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server

EXPLAINED = 10


def register(server: Server) -> None:
    """Announce the feature of this file."""
    server.feature(types.WORKSPACE_EXECUTE_COMMAND)(execute)


def execute(ls: Server, params: types.ExecuteCommandParams) -> Any:
    """Run a command.

    Raises:
        RequestError: there is no such command, or its arguments cannot be used.
    """
    if params.command.startswith(COMMAND_PREFIX):
        return actions.run(ls, params)
    command = COMMANDS.get(params.command)
    if command is None:
        raise RequestError(INVALID_PARAMS, f"there is no command {params.command[:100]!r}")
    return command(ls, params.arguments or ())


def accepted(ls: Server, arguments: Sequence[Any]) -> None:
    """`pilotfish.accepted` with `{"id": …}`: the user took what the request of this trace id offered."""
    argument = arguments[0] if arguments else None
    trace_id = argument.get("id") if isinstance(argument, Mapping) else None
    if not isinstance(trace_id, str):
        raise RequestError(INVALID_PARAMS, 'pilotfish.accepted: its argument is {"id": "…"}')
    ls.session.completions.accepted(trace_id[:100])


def pause(ls: Server, arguments: Sequence[Any]) -> None:
    """`pilotfish.pause`: offer nothing until `pilotfish.resume`."""
    del arguments
    ls.session.pause(paused=True)


def resume(ls: Server, arguments: Sequence[Any]) -> None:
    """`pilotfish.resume`."""
    del arguments
    ls.session.pause(paused=False)


def reindex(ls: Server, arguments: Sequence[Any]) -> None:
    """`pilotfish.reindex`: build the indexes of the workspace anew."""
    del arguments
    ls.session.reindex()


async def explain(ls: Server, arguments: Sequence[Any]) -> dict[str, str]:
    """`pilotfish.explain` with `{"last": n}`, or nothing: why something was shown last, or nothing."""
    argument = arguments[0] if arguments else None
    last = argument.get("last") if isinstance(argument, Mapping) else None
    count = last if isinstance(last, int) and last > 0 else EXPLAINED
    traces = ls.session.traces
    text = explained(traces.last(count), traces.events)
    return {"uri": await show_markdown(ls, "explain", text), "markdown": text}


async def stats(ls: Server, arguments: Sequence[Any]) -> dict[str, str]:
    """`pilotfish.stats`: how completions fare, as `pilotfish stats` shows it."""
    del arguments
    text = statistics(await ls.session.completions.counts())
    return {"uri": await show_markdown(ls, "stats", text), "markdown": text}


COMMANDS: Mapping[str, Callable[[Server, Sequence[Any]], Any]] = {
    "pilotfish.accepted": accepted,
    "pilotfish.pause": pause,
    "pilotfish.resume": resume,
    "pilotfish.reindex": reindex,
    "pilotfish.doctor": doctor,
    "pilotfish.explain": explain,
    "pilotfish.stats": stats,
}
