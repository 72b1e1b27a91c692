"""What servers tell of themselves, read out of their pages; a page that is something else tells nothing."""

from __future__ import annotations

import json
from typing import Any

from pilotfish.models.profiles import FAMILIES, HOLE_TOKENS, Family


def known_tokens() -> str:
    """All control tokens that stand around a hole, to be put to `/tokenize`."""
    return "\n".join(HOLE_TOKENS)


def family_in(page: bytes) -> Family | None:
    """The family whose control tokens llama.cpp's `/tokenize` reads as one token each."""
    try:
        pieces = {str(token["piece"]) for token in json.loads(page)["tokens"]}
    except (ValueError, TypeError, KeyError):
        return None
    return next((family for family in FAMILIES if family.hole_tokens <= pieces), None)


def window_in(page: bytes, model: str) -> int | None:
    """The window in llama.cpp's `/props`, or of one model in a list of models as vLLM and SGLang give it."""
    try:
        told: Any = json.loads(page)
    except ValueError:
        return None
    told = told if isinstance(told, dict) else {}
    defaults, models = told.get("default_generation_settings"), told.get("data")
    found = defaults.get("n_ctx") if isinstance(defaults, dict) else None
    for entry in models if isinstance(models, list) else ():
        if isinstance(entry, dict) and model in ("", entry.get("id")):
            found = found or entry.get("max_model_len")
    return found if isinstance(found, int) and found > 0 else None


def model_in(page: bytes) -> str:
    """The name of the first model in a list of models; empty where the page tells of none."""
    try:
        name = json.loads(page)["data"][0]["id"]
    except (ValueError, TypeError, KeyError, IndexError):
        return ""
    return name if isinstance(name, str) else ""
