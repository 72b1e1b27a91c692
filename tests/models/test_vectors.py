"""Vectors of code: without a model, and from a service that is asked patiently for many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from pilotfish.errors import AnswerBroken, BackendUnavailable, PromptRefused
from pilotfish.models.backend import Abilities
from pilotfish.models.hashed import DIMENSIONS, HashedVectors, likeness, names_in, vectors_of
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.vectors import BATCH_CHARS, BATCH_TEXTS, MAX_CHARS, Matrix, batches, service_vectors
from pilotfish.platform.http import Http
from pilotfish.settings.model import BackendSettings
from tests.models.llama_server import LlamaServer
from tests.models.scripted_http import ScriptedHttp, answering


def products(vectors: Matrix) -> Matrix:
    product: Matrix = vectors @ vectors.T
    return product


async def test_names_that_are_alike_lie_near_each_other() -> None:
    texts = ["ray_bundle", "self.RayBundle()", "bundles", "optimizer.step", "", "+-", "é😀名前", "x"]
    vectors = await HashedVectors().embed(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), DIMENSIONS)
    alike = products(vectors)
    assert alike[0, 1] > alike[0, 3] + 0.3
    assert alike[0, 2] > alike[0, 3] + 0.3
    has_names = [1, 1, 1, 1, 0, 0, 1, 0]
    assert np.diag(alike) == pytest.approx(has_names, abs=1e-6)


async def test_a_text_has_the_same_vector_in_every_process_and_company() -> None:
    text = "def load(path: Path) -> Model:\n    return Model.load(path)\n"
    [alone] = await HashedVectors().embed([text])
    assert (await HashedVectors().embed(["é x", "", text, "+"]))[2] == pytest.approx(alone)
    places = np.flatnonzero(alone)[:5].tolist()
    assert places == [22, 106, 137, 207, 208], "Python salts its own hash, which would differ"


def test_a_name_weighs_what_it_is_given() -> None:
    made = vectors_of([{"alpha": 1.0, "beta": 0.0}, {"alpha": 2.0}, {"beta": 1.0}, {}])
    assert products(made)[0, :2] == pytest.approx([1, 1])
    assert not made[3].any()
    assert vectors_of([]).shape == (0, DIMENSIONS)
    weights = names_in("a bb bb ccc bb bb")
    assert list(weights) == ["bb", "ccc"]
    assert weights["bb"] == pytest.approx(2.386, abs=1e-3)


def test_likeness_is_that_of_the_vectors_nearly() -> None:
    names = ["ray_bundle", "optimizer", "step", "RayBundle"]
    here = {"RayBundles": 1.0, "step": 0.3}
    vectors = vectors_of([here, *({name: 1.0} for name in names)])
    assert likeness(here, names) == pytest.approx(products(vectors)[0, 1:].tolist(), abs=0.1)
    assert likeness(here, []) == []
    assert likeness({}, names) == [0.0] * 4


def test_runs_spread_over_all_places() -> None:
    names = [f"{first}{second}" for first in ("load", "get", "make", "is", "x") for second in range(400)]
    used = np.abs(vectors_of([dict.fromkeys(names, 1.0)])[0]) > 0
    assert used.mean() > 0.6
    alike = products(vectors_of([{name: 1.0} for name in ("alpha", "bravo", "carol", "delta", "gamma")]))
    assert np.abs(alike - np.eye(5)).max() < 0.3


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [
        ([], []),
        ([10] * (BATCH_TEXTS + 1), [BATCH_TEXTS, 1]),
        ([BATCH_CHARS // 2] * 5, [2, 2, 1]),
        ([BATCH_CHARS * 2, 1, 1], [1, 2]),
    ],
)
def test_batches_are_small_enough(sizes: list[int], lengths: list[int]) -> None:
    texts = ["x" * size for size in sizes]
    assert list(map(len, batches(texts))) == lengths
    assert [text for batch in batches(texts) for text in batch] == texts


@dataclass
class Narrow:
    """A backend that takes only so much at once, and counts what it was asked."""

    most_chars: int
    name: str = "narrow"
    is_remote: bool = True
    abilities: Abilities = field(default=Abilities(embed=True))
    asked: list[list[int]] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked.append(list(map(len, texts)))
        if sum(map(len, texts)) > self.most_chars:
            raise PromptRefused("too long")
        return [[float(len(text)), 1.0] for text in texts]


async def test_what_is_refused_is_asked_in_halves() -> None:
    narrow = Narrow(1_000)
    vectors = await service_vectors(narrow)  # type: ignore[arg-type]
    made = await vectors.embed(["x" * 600, "y" * 600, "", "z" * (MAX_CHARS * 2)])
    assert made.shape == (4, 2)
    assert np.linalg.norm(made, axis=1) == pytest.approx([1, 1, 1, 1])
    assert max(map(max, narrow.asked)) == MAX_CHARS


async def test_one_text_that_is_never_taken_costs_only_itself() -> None:
    narrow = Narrow(1_000)
    vectors = await service_vectors(narrow)  # type: ignore[arg-type]
    await vectors.embed(["fine"])
    narrow.most_chars = 10
    made = await vectors.embed(["tiny", "x" * 300])
    assert made.any(axis=1).tolist() == [True, False]
    with pytest.raises(PromptRefused):
        await (await service_vectors(Narrow(0))).embed(["no text is taken"])  # type: ignore[arg-type]


@pytest.mark.parametrize("last", ["[NaN, 1]", "[Infinity, 1]", "[1e300, 1]", "[1e30, 1]", "[1, 1, 1]"])
async def test_vectors_that_cannot_be_compared_are_asked_for_again(last: str) -> None:
    rows = ", ".join(["[1, 1]"] * BATCH_TEXTS)
    pages = [f'{{"embeddings": [{each}]}}'.encode() for each in (rows, last)]
    http = ScriptedHttp([answering(page, content_type="application/json") for page in pages])
    backend = PresetBackend("ollama", BackendSettings("ollama", model="nomic-embed-text"), http)
    vectors = await service_vectors(backend)
    with pytest.raises(AnswerBroken, match="The embeddings") as broken:
        await vectors.embed(["x"] * (BATCH_TEXTS + 1))
    assert broken.value.may_retry


async def test_who_makes_no_vectors_says_so() -> None:
    with pytest.raises(PromptRefused, match="makes no embeddings"):
        await service_vectors(Narrow(1, abilities=Abilities()))  # type: ignore[arg-type]


async def test_ollama_is_asked_in_its_own_shape() -> None:
    page = json.dumps({"model": "m", "embeddings": [[0, 2], [3, 4]], "total_duration": 1}).encode()
    http = ScriptedHttp([answering(page, content_type="application/json"), answering(b"", status=500)])
    backend = PresetBackend("ollama", BackendSettings("ollama", model="nomic-embed-text"), http)
    vectors = await service_vectors(backend)
    assert vectors.name == "http://127.0.0.1:11434 nomic-embed-text"
    assert (await vectors.embed(["a", "b"])).tolist() == [pytest.approx([0, 1]), pytest.approx([0.6, 0.8])]
    url, body, _ = http.asked[0]
    assert url == "http://127.0.0.1:11434/api/embed"
    assert body == {"input": ["a", "b"], "model": "nomic-embed-text", "truncate": True}
    with pytest.raises(BackendUnavailable):
        await vectors.embed(["a"])


@pytest.mark.parametrize("kind", ["llama.cpp", "openai-shaped"])
async def test_a_real_server(llama: LlamaServer, kind: str) -> None:
    http = Http()
    backend = PresetBackend("local", BackendSettings(kind, url=llama.url), http)
    vectors = await service_vectors(backend)
    assert vectors.name.endswith("tiny.gguf"), "which model it is, the server tells"
    made = await vectors.embed(["aaaa", "bbbb", "aaaa", "c" * 20_000])
    alike = products(made)
    assert alike[0, 2] == pytest.approx(1)
    assert alike[0, 1] < 0.9
    assert alike[3, 3] == pytest.approx(1), "what is too long for it is cut off"
    await http.aclose()
