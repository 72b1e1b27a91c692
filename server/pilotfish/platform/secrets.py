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


def _split(globs: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    """What `*.pem` and its kind end in, to be looked up, and one expression for the others."""
    plain = [glob for glob in globs if re.fullmatch(r"\*\.\w+", glob)]
    others = "|".join(fnmatch.translate(glob) for glob in globs if glob not in plain)
    return frozenset(glob[2:] for glob in plain), re.compile(others)


_SECRET_ENDINGS, _SECRET = _split(_NAMES)
_ORDINARY_ENDINGS, _ORDINARY = _split(_ORDINARY_NAMES)


def is_secret_path(path: str | PurePath) -> bool:
    """Whether the file at `path` (relative or absolute) looks like a secret."""
    *folders, name = PurePath(path).parts or ("",)
    if not _FOLDERS.isdisjoint(folder.lower() for folder in folders):
        return True
    return is_secret_name(name)


def is_secret_name(name: str) -> bool:
    """Whether a file of this name looks like a secret whatever its folder."""
    name = name.lower()
    ending = name.rpartition(".")[2] if "." in name else ""
    if ending not in _SECRET_ENDINGS and _SECRET.match(name) is None:
        return False
    return ending not in _ORDINARY_ENDINGS and _ORDINARY.match(name) is None


def is_secret_folder(name: str) -> bool:
    """Whether everything in a folder of this name is secret."""
    return name.lower() in _FOLDERS
