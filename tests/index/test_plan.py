from pilotfish.index.plan import BYTES_PER_TOKEN, make_plan
from pilotfish.platform.files import FoundFile

WEEK_NS = 7 * 24 * 3600 * 10**9


def found(*paths: str, size: int = 100, week: int = 1) -> list[FoundFile]:
    return [FoundFile(path, size, week * WEEK_NS) for path in paths]


def read(
    plan_for: list[FoundFile], *, near: tuple[str, ...] = (), tokens: int = 1000, seen: tuple[str, ...] = ()
) -> list[str]:
    known = dict.fromkeys(seen, (1, 1))
    return [file.path for file in make_plan(plan_for, known, near, tokens, 1000).read]


def test_only_new_and_changed_files_are_read_and_others_forgotten() -> None:
    files = found("a", "b", "c")
    plan = make_plan(files, {"a": (100, WEEK_NS), "b": (99, WEEK_NS), "z": (1, 1)}, (), 1000, 1000)
    assert [file.path for file in plan.read] == ["b", "c"]
    assert (plan.unchanged, plan.gone, plan.beyond_budget) == (1, ("z",), 0)


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
        kept = read(files, near=("near",), tokens=tokens, seen=("far/known.py",))
        assert sorted(kept) == sorted(order[:count])
    plan = make_plan(files, {"far/old.py": (100, WEEK_NS)}, (), 3 * 100 // BYTES_PER_TOKEN, 1000)
    assert plan.beyond_budget == 3
    assert plan.gone == ()
    plan = make_plan(files, {"far/old.py": (100, WEEK_NS)}, (), 0, 1000)
    assert plan.gone == ("far/old.py",)


def test_files_that_are_too_large_take_nothing_from_the_budget() -> None:
    files = [*found("a"), *found("huge", size=10_000), *found("b")]
    assert read(files, tokens=200 // BYTES_PER_TOKEN) == ["a", "huge", "b"]
