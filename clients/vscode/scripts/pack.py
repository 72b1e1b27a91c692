"""Makes the extension: `build/pilotfish-VERSION.vsix`, with the server's wheel inside.

A .vsix is a zip of the extension's folder and two XML files that say what is in it; the same files give the
same bytes. Works from the repository's root.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.node import npm

from pilotfish import __version__

CLIENT = Path("clients") / "vscode"
BUILD = Path("build")
SHIPPED = ("package.json", "README.md", "dist/*.*", "images/*", "walkthrough/*")
"""What of the client's folder users get, beside the licence and the server's wheel."""

_CONTENT_TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>
"""
_TYPES = {
    "json": "application/json",
    "js": "application/javascript",
    "md": "text/markdown",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vsixmanifest": "text/xml",
    "whl": "application/octet-stream",
}
_ASSETS = {
    "Microsoft.VisualStudio.Code.Manifest": "package.json",
    "Microsoft.VisualStudio.Services.Content.Details": "README.md",
    "Microsoft.VisualStudio.Services.Content.License": "LICENSE.txt",
    "Microsoft.VisualStudio.Services.Icons.Default": "images/icon.png",
}
_MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id={name} Version={version} Publisher={publisher}/>
    <DisplayName>{title}</DisplayName>
    <Description xml:space="preserve">{description}</Description>
    <Tags>{tags}</Tags>
    <Categories>{categories}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value={engine}/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/{icon}</Icon>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>{assets}</Assets>
</PackageManifest>
"""


def install() -> None:
    """Install what the client is built with, as the lock says, unless that is what is there."""
    stamp = CLIENT / "node_modules" / ".installed"
    lock = hashlib.sha256((CLIENT / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != lock:
        npm("ci", "--no-audit", "--no-fund", "--loglevel", "error", folder=CLIENT)
        stamp.write_text(lock)


def make() -> Path:
    """Build the bundle and the wheel, pack them, and tell where the .vsix is."""
    install()
    npm("run", "--silent", "build", folder=CLIENT)
    wheels = BUILD / "wheel"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), "."]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return pack(wheels / f"pilotfish-{__version__}-py3-none-any.whl", BUILD)


def pack(wheel: Path, into: Path) -> Path:
    """Write the .vsix into a folder, and tell where it is."""
    package = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
    vsix = into / f"{package['name']}-{package['version']}.vsix"
    into.mkdir(parents=True, exist_ok=True)
    with ZipFile(vsix, "w", ZIP_DEFLATED) as archive:
        for name, data in _contents(package, wheel):
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return vsix


def _contents(package: dict[str, Any], wheel: Path) -> Iterator[tuple[str, bytes]]:
    types = "".join(
        f'<Default Extension=".{suffix}" ContentType="{kind}"/>' for suffix, kind in _TYPES.items()
    )
    yield "[Content_Types].xml", _CONTENT_TYPES.format(types=types).encode()
    yield "extension.vsixmanifest", _manifest(package).encode()
    for pattern in SHIPPED:
        for file in sorted(CLIENT.glob(pattern)):
            yield f"extension/{file.relative_to(CLIENT).as_posix()}", file.read_bytes()
    yield "extension/LICENSE.txt", Path("LICENSE").read_bytes()
    yield f"extension/server/{wheel.name}", wheel.read_bytes()


def _manifest(package: dict[str, Any]) -> str:
    assets = (
        f'<Asset Type="{kind}" Path="extension/{path}" Addressable="true"/>' for kind, path in _ASSETS.items()
    )
    quoted = {name: quoteattr(str(package[name])) for name in ("name", "version", "publisher")}
    return _MANIFEST.format(
        **quoted,
        title=package["displayName"],
        description=package["description"],
        tags=",".join(package["keywords"]),
        categories=",".join(package["categories"]),
        engine=quoteattr(package["engines"]["vscode"]),
        icon=package["icon"],
        assets="".join(assets),
    )


if __name__ == "__main__":
    sys.stdout.write(f"{make()}\n")
