"""`pilotfish auth`: keys of model services, kept in the system's keyring, each for one host."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import warnings
from dataclasses import asdict, dataclass

from pilotfish.cli.indexing import load_settings
from pilotfish.cli.output import check_destination, output, write_json
from pilotfish.cli.place import here
from pilotfish.errors import InputError, KeyFault, NoKeyring
from pilotfish.models.presets import PRESETS
from pilotfish.models.setup import address_of
from pilotfish.platform.keys import find_key, forget_key, host_of, store_key, system_keyring
from pilotfish.settings.model import EMBEDDED, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and for which backend. The key itself is never an argument: others could see it there."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    login = actions.add_parser("login", help="ask for a key and keep it in the system's keyring")
    login.add_argument("backend", metavar="BACKEND", help="as in the settings, for example deepseek")
    login.add_argument("--stdin", action="store_true", help="read the key from standard input")
    logout = actions.add_parser("logout", help="forget a key")
    logout.add_argument("backend", metavar="BACKEND", help="as in the settings")
    listing = actions.add_parser("list", help="show which backends have a key, and from where")
    listing.add_argument("--json", metavar="PATH", help="write the list as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what was done."""
    settings = load_settings(here())
    if args.action == "list":
        check_destination(args.json)
        return _list(settings, args.json)
    place = KeyPlace.of(args.backend, settings)
    said = _login(place, from_stdin=args.stdin) if args.action == "login" else _logout(place)
    output().print(said, markup=False, soft_wrap=True)
    return 0


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the key of a backend belongs.

    Attributes:
        backend: its name in the settings.
        host: whom the key is for.
        variable: the environment variable that may hold it; empty where there is none.
    """

    backend: str
    host: str
    variable: str

    @classmethod
    def of(cls, name: str, settings: Settings) -> KeyPlace:
        """By the same rule as the backend itself.

        Raises:
            InputError: the backend speaks to no server that is known.
        """
        url, variable = address_of(settings.backend_settings(name))
        if name == EMBEDDED or not url:
            raise InputError(
                f"{name!r} has no address to keep a key for; set `backends.{name}.url`, "
                f"or name a service: {', '.join(sorted(PRESETS))}"
            )
        return cls(name, host_of(url), variable)


def _login(place: KeyPlace, *, from_stdin: bool) -> str:
    try:
        keyring = system_keyring()
    except NoKeyring as fault:
        variable = place.variable or f"that `backends.{place.backend}.key_env` names"
        raise NoKeyring(
            f"{fault}. Without a keyring, put the key into the environment variable {variable}, "
            "where your editor is started."
        ) from None
    store_key(place.backend, place.host, _asked(place, from_stdin=from_stdin), keyring)
    return (
        f"The key of {place.backend} is kept in the system keyring, for {place.host} only."
        f"{_still_set(place)}\nTry it: pilotfish doctor --backend {place.backend}"
    )


def _logout(place: KeyPlace) -> str:
    was_there = forget_key(place.backend, place.host)
    done = "The key is forgotten" if was_there else "The system keyring held no key"
    return f"{done} for {place.backend} at {place.host}.{_still_set(place)}"


def _asked(place: KeyPlace, *, from_stdin: bool) -> str:
    """The key, from standard input or typed without being shown."""
    if from_stdin:
        return sys.stdin.readline()
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask for the key; pass it with --stdin")
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"Key for {place.backend} at {place.host} (is not shown): ")
        except getpass.GetPassWarning:
            raise InputError("this terminal would show the key; pass it with --stdin") from None
        except EOFError:
            raise InputError("no key was given") from None


def _still_set(place: KeyPlace) -> str:
    if place.variable and os.environ.get(place.variable, "").strip():
        return f" The environment variable {place.variable} is set as well, and comes first."
    return ""


def _list(settings: Settings, json_path: str | None) -> int:
    """Every backend of the settings, and every known service with a key. Never the keys themselves."""
    configured = dict.fromkeys([*settings.backend, *settings.backends])
    rows: list[dict[str, str | None]] = []
    for name in [*configured, *(name for name in PRESETS if name not in configured)]:
        try:
            place = KeyPlace.of(name, settings)
        except (InputError, KeyFault):
            continue
        try:
            key = find_key(name, place.host, place.variable)
            found = key.origin if key else None
        except KeyFault as fault:
            found = f"problem: {fault}"
        if found or name in configured:
            rows.append({**asdict(place), "key": found})
    console = output(json_path)
    for row in rows:
        where = row["key"] or ("none" + (f" (set {row['variable']})" if row["variable"] else ""))
        console.print(f"{row['backend']}  {row['host']}  {where}", markup=False, soft_wrap=True)
    if not rows:
        console.print("No backend has a key, and none in your settings speaks to a server.", soft_wrap=True)
    if json_path:
        write_json(json_path, rows)
    return 0
