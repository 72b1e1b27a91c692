from pathlib import Path

import pytest

from pilotfish.platform.secrets import is_secret_path

SECRET = [
    ".env", ".env.local", ".env.production", "prod.env", ".envrc", "deploy/.ENV", "server.pem",
    "tls/private.key", "cert.p12", "cert.pfx", "id_rsa", "id_rsa.bak", "id_ed25519", "deploy_rsa",
    ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".htpasswd", "credentials", "credentials.json",
    "config/secrets.yml", "secrets.yaml", "terraform.tfstate", "prod.tfvars", ".ssh/config",
    ".aws/config", ".gnupg/anything.txt", "service-account-prod.json", "kubeconfig", "passwords.kdbx",
]  # fmt: skip
ORDINARY = [
    "secrets.py", "secret_store.go", "environment.ts", "env.py", ".env.example", ".env.sample",
    ".env.template", ".environment", "keys.py", "monkey.py", "keyboard.js", "README.md",
    "credentials.py", "tokens.json", ".gitignore", "Makefile",
]  # fmt: skip


def check_secret(path: str, expected: bool) -> None:
    assert is_secret_path(path) is expected
    assert is_secret_path(Path("/work space") / path) is expected


@pytest.mark.parametrize("path", SECRET)
def test_what_looks_like_a_secret_is_one(path: str) -> None:
    check_secret(path, True)


@pytest.mark.parametrize("path", ORDINARY)
def test_what_only_talks_of_secrets_is_source(path: str) -> None:
    check_secret(path, False)


def test_a_folder_named_like_a_key_is_ordinary() -> None:
    assert not is_secret_path("id_rsa_parser/main.c")
    assert not is_secret_path("")
