import pytest

from pilotfish.index import plan as plan_module
from pilotfish.index.plan import BYTES_PER_TOKEN, Seen, make_plan
from pilotfish.platform.files import FoundFile

WEEK_NS = 7 * 24 * 3600 * 10**9


def found(*paths: str, size: int = 100, week: int = 1) -> list[FoundFile]:
    return [FoundFile(path, size, week * WEEK_NS) for path in paths]


def seen_as(seen: dict[str, tuple[int, int]], left_out: dict[str, tuple[int, int]] | None = None) -> Seen:
    return Seen(seen, seen, left_out or {})


def read(
    plan_for: list[FoundFile], *, near: tuple[str, ...] = (), tokens: int = 1000, seen: tuple[str, ...] = ()
) -> list[str]:
    known = seen_as(dict.fromkeys(seen, (1, 1)))
    return [file.path for file in make_plan(plan_for, known, near, tokens, 1000).read]


def kept_of(
    files: list[FoundFile], *, near: tuple[str, ...] = (), tokens: int = 1000, seen: tuple[str, ...] = ()
) -> list[str]:
    beyond = make_plan(files, seen_as(dict.fromkeys(seen, (1, 1))), near, tokens, 1000).beyond_budget
    return [file.path for file in files if file.path not in beyond]


def test_only_new_and_changed_files_are_read_and_others_forgotten() -> None:
    files, same = found("a", "b", "c"), (100, WEEK_NS)
    plan = make_plan(files, seen_as({"a": same, "b": (99, WEEK_NS), "z": (1, 1)}), (), 1000, 1000)
    assert [file.path for file in plan.read] == ["b", "c"]
    assert (plan.unchanged, plan.gone, plan.gone_from_catalog) == (1, ("z",), ("z",))
    assert (plan.beyond_budget, plan.beyond_catalog) == (frozenset(), 0)


@pytest.mark.parametrize(
    ("segments", "catalog", "left_out", "read", "gone_from_catalog"),
    [
        ("ab", "ab", "", "", ""),
        ("a", "ab", "", "b", ""),  # one of the two was not committed
        ("ab", "b", "", "a", ""),
        ("a", "a", "b", "", ""),
        ("a", "ab", "b", "", "b"),  # it was source, and the process died between the two commits
    ],
)
def test_segments_and_catalog_are_brought_level(
    segments: str, catalog: str, left_out: str, read: str, gone_from_catalog: str
) -> None:
    same = (100, WEEK_NS)
    seen = Seen(dict.fromkeys(segments, same), dict.fromkeys(catalog, same), dict.fromkeys(left_out, same))
    plan = make_plan(found("a", "b"), seen, (), 1000, 1000)
    assert [file.path for file in plan.read] == list(read)
    assert plan.gone_from_catalog == tuple(gone_from_catalog)
    assert plan.gone == ()


def test_the_folders_of_open_files_come_first() -> None:
    files = found("a.py", "b/c.py", "d/e/f.py", "d/g.py", "dd/h.py")
    assert read(files, near=("d", "")) == ["d/e/f.py", "d/g.py", "a.py", "b/c.py", "dd/h.py"]
    assert read(files, near=("",)) == ["a.py", "b/c.py", "d/e/f.py", "d/g.py", "dd/h.py"]


def test_beyond_the_budget_near_then_known_then_late_then_shallow_files_are_kept() -> None:
    files = [
        *found("deep/er/old.py", "far/old.py", "old.py", "far/known.py"),
        *found("far/new.py", week=3),
        *found("near/by/old.py"),
    ]
    order = ["near/by/old.py", "far/known.py", "far/new.py", "old.py", "far/old.py", "deep/er/old.py"]
    for count in range(len(order) + 1):
        tokens = count * 100 // BYTES_PER_TOKEN
        kept = kept_of(files, near=("near",), tokens=tokens, seen=("far/known.py",))
        assert sorted(kept) == sorted(order[:count])
    known = seen_as({"far/old.py": (100, WEEK_NS)})
    plan = make_plan(files, known, (), 3 * 100 // BYTES_PER_TOKEN, 1000)
    assert len(plan.beyond_budget) == 3
    assert plan.gone == ()
    plan = make_plan(files, known, (), 0, 1000)
    assert plan.gone == ("far/old.py",)
    assert plan.gone_from_catalog == ()


def test_what_the_segments_have_no_room_for_is_read_last_so_that_they_are_few_and_full() -> None:
    files = [*found("b/old"), *found("c/new", week=2), *found("d/old"), *found("e/new", week=2)]
    assert read(files, tokens=200 // BYTES_PER_TOKEN) == ["c/new", "e/new", "b/old", "d/old"]
    assert read(files, tokens=200 // BYTES_PER_TOKEN, near=("d",)) == ["d/old", "c/new", "b/old", "e/new"]


def test_what_the_segments_have_no_room_for_is_catalogued_once() -> None:
    files, same = found("a", "b"), (100, WEEK_NS)
    seen = Seen({"a": same}, {"a": same}, {})
    plan = make_plan(files, seen, (), 100 // BYTES_PER_TOKEN, 1000)
    assert [file.path for file in plan.read] == ["b"]
    seen = Seen({"a": same}, {"a": same, "b": same}, {})
    assert make_plan(files, seen, (), 100 // BYTES_PER_TOKEN, 1000).read == ()


def test_the_catalog_has_a_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "MAX_CATALOG_BYTES", 200)
    plan = make_plan(found("a", "b", "c"), seen_as({"b": (1, 1), "c": (100, WEEK_NS)}), (), 1000, 1000)
    assert [file.path for file in plan.read] == ["b"]
    assert (plan.beyond_catalog, plan.gone, plan.gone_from_catalog) == (1, (), ())


def test_files_that_are_too_large_take_nothing_from_the_budget() -> None:
    files = [*found("a"), *found("huge", size=10_000), *found("b")]
    assert kept_of(files, tokens=200 // BYTES_PER_TOKEN) == ["a", "huge", "b"]
