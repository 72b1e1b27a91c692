"""Putting what one source says on top of what holds so far, believing it as far as it may be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from pilotfish.errors import SettingsFault
from pilotfish.settings.key import Key, Place, Trust, places
from pilotfish.settings.value import quoted, read_value

_MAX_FAULTS = 20
_NAME_CHARS = 40


class SourceKind(Enum):
    """Who speaks."""

    USER = "the user's own file"
    EDITOR = "the editor, for the user"
    WORKSPACE = "a file that came with the workspace"
    TRUSTED_WORKSPACE = "a file that came with a workspace that the user trusts"


@dataclass(slots=True)
class Reading:
    """One source being read.

    Attributes:
        source: where it stands, for messages.
        kind: who speaks.
        faults: what could not be used so far, each once.
    """

    source: str
    kind: SourceKind
    faults: list[SettingsFault] = field(default_factory=list)

    def table(self, current: Any, options: object, path: str = "") -> Any:
        """`current`, a settings object, with what `options` says in place of its fields."""
        if (
            options is None or options == []
        ):  # editors send null for what is not set, Lua a list for an empty table
            return current
        if not isinstance(options, Mapping):
            self._report(path or "settings", f"must be a table, got {quoted(options)}")
            return current
        known = places(type(current))
        for name, raw in options.items():
            head, _, rest = str(name).partition(".")
            if name not in known and rest and head in known and known[head].table:
                name, raw = head, {rest: raw}  # noqa: PLW2901 - "completion.enabled": some editors' settings are flat
            if name not in known:
                self._report_unknown(path, name, known)
            elif raw is not None:
                value = self._entry(known[name], getattr(current, name), raw, _join(path, name))
                current = replace(current, **{name: value})
        return current

    def _entry(self, place: Place, current: Any, raw: object, path: str) -> Any:
        """What the field holds after this source has spoken."""
        if place.table:
            return self.table(current, raw, path)
        if place.named_tables:
            return self._tables(place, current, raw, path)
        try:
            if place.is_list:
                value: Any = self._items(place.key, raw, path)
            else:
                value = read_value(place.type, place.key, raw)
            return self._believed(place.key.trust, current, value)
        except ValueError as error:
            self._report(path, str(error))
            return current

    def _tables(self, place: Place, current: Mapping[str, Any], raw: object, path: str) -> Any:
        """A table whose keys are names of the user's own, each with a settings object."""
        if raw == []:
            return current
        if not isinstance(raw, Mapping):
            self._report(path, f"must be a table, got {quoted(raw)}")
            return current
        tables = {
            name: self.table(current.get(name, place.named_tables()), options, _join(path, name))
            for name, options in raw.items()
        }
        return current if self.kind is SourceKind.WORKSPACE else {**current, **tables}

    def _items(self, key: Key, raw: object, path: str) -> tuple[str, ...]:
        """The good items of a list, the bad ones being reported; a single string is a list of one."""
        if isinstance(raw, str):
            raw = [raw]
        if not isinstance(raw, list | tuple):
            if raw == {}:  # an empty list of Lua may arrive as a table
                return ()
            raise ValueError(f"must be a string or a list of strings, got {quoted(raw)}")
        good: list[str] = []
        for number, item in enumerate(raw):
            try:
                good.append(read_value(str, key, item))
            except ValueError as error:
                self._report(f"{path}[{number}]", str(error))
        return tuple(dict.fromkeys(good))

    def _believed(self, trust: Trust, current: Any, value: Any) -> Any:
        """The value that holds, given whom the key listens to.

        Raises:
            ValueError: this source may not say that.
        """
        if trust is Trust.USER_FILE and self.kind is not SourceKind.USER:
            raise ValueError("is only believed from your own settings file")
        if self.kind is not SourceKind.WORKSPACE or trust is Trust.ANYONE:
            return value
        if trust is Trust.RAISE and isinstance(value, tuple):
            return tuple(dict.fromkeys((*current, *value)))
        if (trust is Trust.LOWER and value <= current) or (trust is Trust.RAISE and value >= current):
            return value
        if trust is Trust.USER:
            raise ValueError(
                "is not believed from a workspace's file; "
                "name its folder in privacy.trusted_folders of your own settings if you trust it"
            )
        raise ValueError(f"a workspace's file may not loosen this; it stays {quoted(current)}")

    def _report_unknown(self, path: str, name: str, known: Mapping[str, Place]) -> None:
        if len(self.faults) > _MAX_FAULTS:
            return
        import difflib  # noqa: PLC0415 - only needed for a mistake

        wanted = name[:_NAME_CHARS].replace("-", "_").lower()
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        self._report(_join(path, name), f"is not known ({hint})")

    def _report(self, path: str, problem: str) -> None:
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(SettingsFault(path, f"{problem} (in {self.source})"))
        elif len(self.faults) == _MAX_FAULTS:
            self.faults.append(SettingsFault(self.source, "has more such mistakes"))


def _join(path: str, name: str) -> str:
    shown = name if re.fullmatch(rf"[\w-]{{1,{_NAME_CHARS}}}", name) else quoted(name)
    return f"{path}.{shown}" if path else shown
