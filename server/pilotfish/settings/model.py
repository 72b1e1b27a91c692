"""Every setting there is: name, type, default, meaning. `docs/configuration.md` is generated from here.

Names are the same in the TOML files, in the editor and in the code. Each class is one table of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pilotfish.settings.actions import ActionSettings
from pilotfish.settings.embeddings import EmbeddingSettings
from pilotfish.settings.key import Key, Trust

EMBEDDED = "embedded"
"""The name of the engine that needs no model, where names of backends stand."""


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """A model that may be asked. Its name is the table's name, and is what `backend` refers to."""

    kind: Annotated[
        str,
        Key(
            "The service, or what serves the model: a name of docs/backends.md, for example "
            "`llama.cpp`. Left out, it is the backend's own name."
        ),
    ] = ""
    url: Annotated[
        str,
        Key(
            "Address of the model's server. Left out, the kind's own default.",
            pattern=r"(https?://[^\s/@\\]+(/\S*)?)?",
            form="an http:// or https:// address without user name or password",
            quotable=False,
        ),
    ] = ""
    model: Annotated[str, Key("The model's name as its server knows it. Left out, the kind's default.")] = ""
    key_env: Annotated[
        str,
        Key(
            "The environment variable that holds the key for this address. "
            "The key itself never stands in a settings file.",
            pattern=r"([A-Z_][A-Z0-9_]{0,99})?",
            form="the name of an environment variable in capitals, never the key itself",
            quotable=False,
        ),
    ] = ""
    daily_tokens: Annotated[
        int,
        Key(
            "The most tokens (UTF-8 bytes / 4) in a day that go to this backend and come from it, "
            "if it is on another machine. 0 sets no bound."
        ),
    ] = 0
    daily_cost: Annotated[
        float,
        Key(
            "The most that this backend may cost in a day, in the currency of the two prices below, "
            "if it is on another machine. 0 sets no bound."
        ),
    ] = 0.0
    price_per_million_input: Annotated[
        float, Key("What a million tokens sent to it cost; `daily_cost` is counted with this.")
    ] = 0.0
    price_per_million_output: Annotated[float, Key("What a million tokens of its answers cost.")] = 0.0
    hedge_after_ms: Annotated[
        int,
        Key(
            "When the first word of a completion is not there after so long, ask a second time, and show "
            "who speaks first. It costs up to twice as much. 0 never does.",
            maximum=60_000,
        ),
    ] = 0
    hedge_with: Annotated[
        str,
        Key("Which backend is asked the second time. Left out, the same one again."),
    ] = ""
    options: Annotated[
        Mapping[str, Any], Key("Keys of the kind's own; the kind documents and checks them.")
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompletionSettings:
    """When completions are offered, and how much of them."""

    enabled: Annotated[bool, Key("Offer completions.", Trust.LOWER)] = True
    disabled_languages: Annotated[
        tuple[str, ...],
        Key(
            "Language ids, as the editor names them, in which nothing is offered while typing; "
            "it can still be asked for.",
            Trust.RAISE,
        ),
    ] = ()
    max_wait_ms: Annotated[
        int,
        Key(
            "The longest wait after a key before a model is asked. How long it is within that, your typing "
            "decides; after a pause, and where you ask by hand, there is none. "
            "The embedded engine never waits.",
            maximum=10_000,
        ),
    ] = 200
    min_confidence: Annotated[
        float,
        Key(
            "The embedded engine is silent below this probability of being exactly right. "
            "It holds while typing; a completion that was asked for is always shown.",
            Trust.ANYONE,
            maximum=1,
        ),
    ] = 0.42
    max_lines: Annotated[int, Key("The most lines that one completion has.", Trust.LOWER, 1, 1_000)] = 10
    max_file_lines: Annotated[int, Key("Nothing is offered in longer files.", Trust.LOWER)] = 100_000
    max_line_chars: Annotated[
        int, Key("Nothing is offered in a longer line: it was not typed by hand.", Trust.LOWER)
    ] = 5_000
    ahead: Annotated[
        str,
        Key(
            "Who may be asked for what you have not asked for yet, the completion after an accepted one and "
            "what comes after the shown part: models that cost nothing, all of them, or none.",
            choices=("free", "always", "off"),
        ),
    ] = "free"
    menu: Annotated[
        str,
        Key(
            "Whether completions are offered in the editor's ordinary menu (`textDocument/completion`): "
            "where the editor knows no inline completion, always, or never.",
            choices=("auto", "on", "off"),
        ),
    ] = "auto"
    disabled_steps: Annotated[
        tuple[str, ...],
        Key("Steps of trimming that are left out, by name, to find out what a step does."),
    ] = ()


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """What a model is shown beside the text around the cursor."""

    max_tokens: Annotated[
        int, Key("The most tokens (UTF-8 bytes / 4) of snippets.", Trust.LOWER, maximum=1_000_000)
    ] = 1024
    max_wait_ms: Annotated[
        int, Key("Snippets that are not found in this time are left out.", Trust.LOWER, maximum=10_000)
    ] = 12
    disabled_sources: Annotated[
        tuple[str, ...], Key("Sources of snippets that are left out, by name: see docs/context.md.")
    ] = ()


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What is read of the workspace, and kept in the user's cache directory."""

    enabled: Annotated[
        bool, Key("Index the workspace. Switched off, only open files are known.", Trust.LOWER)
    ] = True
    max_file_bytes: Annotated[int, Key("Larger files are left out.", Trust.LOWER)] = 1_000_000
    max_tokens: Annotated[
        int,
        Key(
            "The most tokens of one folder that the engine quotes; beyond them code is only looked up.",
            Trust.LOWER,
        ),
    ] = 60_000_000
    exclude: Annotated[
        tuple[str, ...],
        Key(
            "Files and folders that are left out, in `.gitignore` notation, "
            "beside what `.gitignore` leaves out.",
            Trust.RAISE,
            pattern=r"[^!].*",
            form="a pattern of what to leave out, not starting with `!`",
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What may leave this machine, and who is believed."""

    local_only: Annotated[
        bool, Key("Never speak to another machine, whatever else is configured.", Trust.RAISE)
    ] = False
    audit: Annotated[
        bool,
        Key(
            "Write down on this machine what is sent to another one, with its text, in a file that only you "
            "can read; `pilotfish doctor` says where it is. What cannot be written down is not sent."
        ),
    ] = False
    trusted_folders: Annotated[
        tuple[str, ...],
        Key(
            "Absolute paths (`~` is your home). A workspace's file in one of these folders, or below, "
            "may set everything that your own file may, except this list.",
            Trust.USER_FILE,
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How servers of models are reached.

    Proxies come from the environment (`HTTPS_PROXY`, `NO_PROXY`) and are never used for this machine itself;
    certificate authorities from the system's store and from the file in `SSL_CERT_FILE`.
    """

    client_certificate: Annotated[
        str, Key("PEM file with a certificate of your own and its key, for servers that ask for one.")
    ] = ""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to the log (the server's standard error)."""

    level: Annotated[
        str,
        Key(
            "How much is logged. Only `debug` may hold source text.",
            choices=("error", "warning", "info", "debug"),
        ),
    ] = "info"


@dataclass(frozen=True, slots=True)
class Settings:
    """Who completes. Everything else has a table of its own."""

    backend: Annotated[
        tuple[str, ...],
        Key(
            "Who is asked for a completion: one name or a list, tried in order. "
            "`embedded` is the engine that needs no model; "
            "any other name is a table under `backends`, or a service of docs/backends.md."
        ),
    ] = (EMBEDDED,)
    backends: Mapping[str, BackendSettings] = field(default_factory=dict)
    completion: CompletionSettings = field(default_factory=CompletionSettings)
    context: ContextSettings = field(default_factory=ContextSettings)
    actions: ActionSettings = field(default_factory=ActionSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    embeddings: EmbeddingSettings = field(default_factory=EmbeddingSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    log: LogSettings = field(default_factory=LogSettings)

    def hedge_of(self, name: str) -> str:
        """Which backend is asked too when this one is late; itself where none is named."""
        return self.backend_settings(name).hedge_with or name

    @property
    def embedder(self) -> str:
        """The name of the backend that makes vectors; empty where none does."""
        name = self.embeddings.backend
        return "" if self.embeddings.is_off or name == EMBEDDED else name

    def backend_settings(self, name: str) -> BackendSettings:
        """The table of one backend with its kind filled in; a name without a table is its own kind."""
        found = self.backends.get(name, BackendSettings())
        return found if found.kind else replace(found, kind=name)
