"""Which files look like secrets: they are neither indexed, nor completed in, nor sent.

Decided by the path alone, so that such a file is never even opened. Errs on the side of silence, but a name
that only talks about secrets (`secrets.py`, `.env.example`) is ordinary source.
"""

from __future__ import annotations

import fnmatch
import re
from pathlib import PurePath

PLACEHOLDER = "<redacted>"
"""What another machine is sent in place of a secret-looking string (`platform/redact.py`)."""

_NAMES = (
    # Environment files.
    ".env", ".env.*", "*.env", ".envrc", ".envrc.*",
    # Keys and key stores.
    "*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.ppk", "*.jks", "*.keystore", "*.kdbx", "*.gpg", "*.pgp",
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*_rsa", "*_ed25519",
    # Where tools keep passwords and tokens.
    ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".yarnrc.yml", ".pypirc", ".htpasswd",
    ".git-credentials", ".dockercfg", ".vault-token", ".s3cfg", ".boto", "kubeconfig", "*.kubeconfig",
    "*.ovpn",
    "credentials", "credentials.json", "credentials.toml", "client_secret*.json", "service-account*.json",
    "service_account*.json", "secret.json", "secret.y*ml", "secret.toml", "secrets.json", "secrets.y*ml",
    "secrets.toml", "secrets.ini", "*.secret", "*.secrets",
    # Terraform writes secrets into these in plain text.
    "*.tfstate", "*.tfstate.*", "*.tfvars", "*.auto.tfvars.json",
)  # fmt: skip
_ORDINARY_NAMES = ("*.example", "*.sample", "*.template", "*.dist", "*.example.*", "*.sample.*")
_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".gcloud", ".kube", ".password-store"})


def _any_of(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs))


_SECRET = _any_of(_NAMES)
_ORDINARY = _any_of(_ORDINARY_NAMES)


def is_secret_path(path: str | PurePath) -> bool:
    """Whether the file at `path` (relative or absolute) looks like a secret."""
    *folders, name = PurePath(path).parts or ("",)
    if not _FOLDERS.isdisjoint(folder.lower() for folder in folders):
        return True
    return is_secret_name(name)


def is_secret_name(name: str) -> bool:
    """Whether a file of this name looks like a secret whatever its folder."""
    name = name.lower()
    return _SECRET.match(name) is not None and _ORDINARY.match(name) is None


def is_secret_folder(name: str) -> bool:
    """Whether everything in a folder of this name is secret."""
    return name.lower() in _FOLDERS
