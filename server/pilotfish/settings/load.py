"""Options (what arrived) become Settings (what is used).

Sources in rising order: defaults, the user's own file, each workspace folder's `.pilotfish.toml`, and what
the editor says. A bad value is reported with its full path, everything else is used, nothing here ever fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pilotfish.errors import SettingsFault
from pilotfish.settings.files import WORKSPACE_FILE, read_toml
from pilotfish.settings.model import Settings
from pilotfish.settings.reading import Reading, SourceKind


@dataclass(frozen=True, slots=True)
class Source:
    """Options from one place.

    Attributes:
        name: the place, for messages: a file's path, or for example `initializationOptions`.
        kind: who speaks there.
        options: what arrived, of whatever shape.
        root: the workspace folder that the file came with; None for the other kinds.
    """

    name: str
    kind: SourceKind
    options: object
    root: Path | None = None


def load(
    config_file: Path | None, roots: Sequence[Path], editor: Mapping[str, object]
) -> tuple[Settings, tuple[SettingsFault, ...]]:
    """Read the files and resolve everything.

    Args:
        config_file: the user's own file (`platform.paths.config_file()`), if there can be one.
        roots: the workspace folders; where their files disagree, the last one holds.
        editor: what the editor said, by where it said it, the last word last.
    """
    sources: list[Source] = []
    faults: list[SettingsFault] = []
    if config_file is not None:
        options, fault = read_toml(config_file)
        sources.append(Source(str(config_file), SourceKind.USER, options))
        faults += [fault] if fault else []
    for root in roots:
        options, fault = read_toml(root / WORKSPACE_FILE)
        sources.append(Source(str(root / WORKSPACE_FILE), SourceKind.WORKSPACE, options, root))
        faults += [fault] if fault else []
    sources += [Source(name, SourceKind.EDITOR, options) for name, options in editor.items()]
    settings, found = resolve(sources)
    return settings, (*faults, *found)


def resolve(sources: Sequence[Source]) -> tuple[Settings, tuple[SettingsFault, ...]]:
    """Put sources, given in rising order, on top of the defaults."""
    settings = Settings()
    faults: list[SettingsFault] = []
    for source in sources:
        options = source.options
        if isinstance(options, Mapping) and "pilotfish" in options:
            options = options["pilotfish"]  # some editors send the section together with its name
        kind = source.kind
        if kind is SourceKind.WORKSPACE and _is_trusted(source.root, settings.privacy.trusted_folders):
            kind = SourceKind.TRUSTED_WORKSPACE
        reading = Reading(source.name, kind)
        settings = reading.table(settings, options)
        faults += reading.faults
    return settings, tuple(faults)


def _is_trusted(root: Path | None, trusted_folders: Sequence[str]) -> bool:
    """Whether the user trusts this folder or one that it lies in; links are followed on both sides."""
    if root is None:
        return False
    for folder in trusted_folders:
        try:
            trusted = Path(folder).expanduser()
            if trusted.is_absolute() and root.resolve().is_relative_to(trusted.resolve()):
                return True
        except (OSError, RuntimeError):  # a loop of links, a `~` without a home: not a folder to trust
            continue
    return False
