"""The files of a workspace: found in a fixed order, and read as text if they are text.

Symbolic links are never followed, so there are no loops, nothing is found twice and nothing outside the root
is found. Pipes, sockets and devices are never opened.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from pilotfish.platform.ignore import IGNORE_FILES, Folder, IgnoreRules
from pilotfish.platform.long_lines import has_long_line
from pilotfish.platform.secrets import is_secret_folder, is_secret_name, is_secret_path

SkipReason = Literal["binary", "large", "generated", "empty", "unreadable"]

_LONG_LINE = 1_000
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_FOREIGN_SHARE = 0.3
_ODD_NAME = re.compile("[\\n\\ud800-\\udfff]")
# Never text, or data that nobody completes in; not worth opening. By what follows the last dot, or by name.
_DATA_ENDINGS = frozenset({
    "7z", "a", "avi", "avif", "bin", "bmp", "bz2", "class", "csv", "db", "deb", "dex", "dll", "dmg",
    "doc", "docx", "dylib", "eot", "exe", "flac", "gif", "gz", "h5", "icns", "ico", "ipynb", "iso", "jar",
    "jpeg", "jpg", "lib", "lock", "map", "mo", "mov", "mp3", "mp4", "node", "npy", "npz", "o", "obj",
    "ogg", "onnx", "otf", "parquet", "pdb", "pdf", "pickle", "pkl", "png", "ppt", "pptx", "psd", "pt",
    "pth", "pyc", "pyd", "pyo", "rar", "rlib", "safetensors", "snap", "so", "sqlite", "sqlite3", "svg",
    "tar", "tgz", "tif", "tiff", "tsv", "ttf", "war", "wasm", "wav", "webm", "webp", "whl", "woff",
    "woff2", "xls", "xlsx", "xz", "zip", "zst",
})  # fmt: skip
# A file named .git says where the git folder of a submodule, or of a further work tree, is.
_DATA_NAMES = frozenset({"package-lock.json", "pnpm-lock.yaml", "npm-shrinkwrap.json", "go.sum", ".git"})


class FoundFile(NamedTuple):
    """A regular file, as the file system describes it. `path` is relative to the root, with `/`."""

    path: str
    size: int
    mtime_ns: int


@dataclass(slots=True)
class WalkReport:
    """What a walk could not look into: folders and files that cannot be read, relative to the root.

    What has a name that is not text (`is_usable`) is among it, its name escaped.
    """

    unreadable: list[str] = field(default_factory=list)


def walk(rules: IgnoreRules, report: WalkReport | None = None) -> Iterator[FoundFile]:
    """Every file that may be indexed, folder by folder, in a fixed order.

    Files that vanish meanwhile are passed over. Raises OSError only if the root itself cannot be read.
    """
    os.scandir(rules.root).close()
    report = report or WalkReport()
    for folder, entries, names in _folders(rules, report):
        for name in folder.files_in(list(filter(_may_hold_source, names))):
            try:
                status = entries[name].stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError:
                report.unreadable.append(folder.relative + name)
                continue
            yield FoundFile(folder.relative + name, status.st_size, status.st_mtime_ns)


def folders_of(rules: IgnoreRules) -> Iterator[str]:
    """The folders that `walk` looks into, the root (empty) first, relative to it, ending in `/`."""
    return (folder.relative for folder, _, _ in _folders(rules, WalkReport()))


def _folders(
    rules: IgnoreRules, report: WalkReport
) -> Iterator[tuple[Folder, Mapping[str, os.DirEntry[str]], list[str]]]:
    """Each folder that is not left out, in a fixed order: with all that lies in it, and its files' names."""
    top = rules.top()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder.path) as listing:
                entries = {entry.name: entry for entry in listing}
        except OSError:
            report.unreadable.append(folder.relative)
            continue
        opened = top if folder is top else folder.opened(entries.keys())
        if opened is None:
            continue
        if _ODD_NAME.search("".join(entries)):  # Nearly never.
            for name in [name for name in sorted(entries) if not is_usable(name)]:
                del entries[name]
                if _may_hold_source(name):
                    report.unreadable.append(folder.relative + repr(name)[1:-1])
        folders, files = _by_kind(entries)
        yield opened, entries, files
        inside = [opened.below(name) for name in folders if not is_secret_folder(name)]
        waiting.extend(below for below in reversed(inside) if below is not None)


def _by_kind(entries: Mapping[str, os.DirEntry[str]]) -> tuple[list[str], list[str]]:
    """The names of the folders and of the regular files among what lies in a folder, in order."""
    folders, files = [], []
    for name in sorted(entries):
        try:
            if entries[name].is_dir(follow_symlinks=False):
                folders.append(name)
            elif entries[name].is_file(follow_symlinks=False):
                files.append(name)
        except OSError:
            continue
    return folders, files


def find(rules: IgnoreRules, relative: str) -> FoundFile | None:
    """One file as `walk` would find it; None if it is not there or would not be found."""
    *folders, name = relative.split("/")
    if not all(map(is_usable, (*folders, name))) or not _may_hold_source(name) or is_secret_path(relative):
        return None
    try:
        path = rules.root
        for part in folders:
            path /= part
            if not stat.S_ISDIR(path.lstat().st_mode):
                return None
        status = (path / name).lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or rules.ignores(relative):
        return None
    return FoundFile(relative, status.st_size, status.st_mtime_ns)


def read_bytes(path: Path, max_bytes: int) -> bytes | SkipReason:
    """A regular file's content, or why it cannot be had; never reads more than `max_bytes` + 1 bytes."""
    # Between the walk and now the file may have become a link or a pipe, on which a plain open would hang.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return "unreadable"
    try:
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return "unreadable"
            # Room for as much as may be read at most would take longer to have than to fill.
            data = file.read(min(status.st_size, max_bytes) + 1)
            if status.st_size < len(data) <= max_bytes:  # It has grown meanwhile.
                data += file.read(max_bytes + 1 - len(data))
    except OSError:
        return "unreadable"
    return data if len(data) <= max_bytes else "large"


def decode(data: bytes) -> tuple[str, None] | tuple[None, SkipReason]:
    r"""The text of a file's bytes, or why it is not source.

    UTF-8 with or without mark, UTF-16 with mark; else, if there are no control bytes and at most three bytes
    in ten are beyond ASCII, Latin-1, so that a lone é in a comment does not cost the file. Text of which more
    than half stands in lines beyond 1,000 characters is minified or generated, and left out.
    """
    if not data.strip():
        return None, "empty"
    text = text_of(data)
    if text is None:
        return None, "binary"
    # Bytes are quicker to look at than text, and never fewer.
    if has_long_line(data, b"\n", _LONG_LINE):
        long = sum(len(line) for line in text.split("\n") if len(line) > _LONG_LINE)
        if 2 * long > len(text):
            return None, "generated"
    return text, None


def text_of(data: bytes) -> str | None:
    """The text of a file's bytes, also of what nobody wrote by hand; None if it is none. See `decode`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            return None
        return None if "\0" in text else text  # UTF-32's mark begins like that of UTF-16.
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        foreign = len(data) - len(data.translate(None, delete=bytes(range(128, 256))))
        if _CONTROL_BYTES.search(data) or foreign > _MAX_FOREIGN_SHARE * len(data):
            return None
        return data.decode("latin-1")


def _may_hold_source(name: str) -> bool:
    name = name.lower()
    is_data = name in _DATA_NAMES or ("." in name and name.rpartition(".")[2] in _DATA_ENDINGS)
    return not is_data and not is_secret_name(name)


def is_folder(path: Path) -> bool:
    """Whether this is a folder, and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def concerns_rules(relative: str) -> bool:
    """Whether a change of this file changes what a walk finds."""
    return relative.rpartition("/")[2] in IGNORE_FILES or relative == ".git/info/exclude"


def is_usable(name: str) -> bool:
    """Whether the name can be written in a manifest: a few file systems allow bytes that are not text."""
    return name not in ("", ".", "..") and _ODD_NAME.search(name) is None
