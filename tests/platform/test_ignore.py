import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from pilotfish.platform.files import find, walk
from pilotfish.platform.ignore import IgnoreRules, lies_in_built_in
from pilotfish.platform.ignore_patterns import PatternFiles
from pilotfish.platform.tracked import tracked_though_ignored


def lay_out(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def found(rules: IgnoreRules) -> list[str]:
    """What a walk finds; that a look at each single path agrees is checked on the way."""
    everything = [path.relative_to(rules.root).as_posix() for path in rules.root.rglob("*") if path.is_file()]
    walked = [file.path for file in walk(rules)]
    single = IgnoreRules(rules.root, (), rules.tracked)
    single.globs = rules.globs
    assert {path for path in everything if find(single, path) is not None} == set(walked)
    return walked


GIT_CASES = {
    "names and suffixes": {
        ".gitignore": "*.log\n# note\n\nbuild/\n/top.txt\n",
        "a.log": "", "a.py": "", "top.txt": "", "sub/top.txt": "", "sub/build/x.py": "", "sub/build.py": "",
    },
    "taking back": {
        ".gitignore": "*.gen\n!keep.gen\nout/*\n!out/kept.py\n",
        "x.gen": "", "keep.gen": "", "out/a.py": "", "out/kept.py": "",
    },
    "a parent that is out stays out": {".gitignore": "out/\n!out/a.py\n", "out/a.py": "", "b.py": ""},
    "the nearer file has the last word": {
        ".gitignore": "*.py\n", "lib/.gitignore": "!*.py\n", "lib/deep/.gitignore": "/a.py\n",
        "a.py": "", "lib/a.py": "", "lib/deep/a.py": "", "lib/deep/b.py": "",
    },
    "a folder taken back does not take back its files": {
        ".gitignore": "*.log\n!keep/\n", "keep/a.log": "", "keep/a.py": "",
    },
    "stars": {
        ".gitignore": "**/tmp/**\ndoc/**/x.md\na?c.py\n[de].py\n",
        "tmp/a.py": "", "q/tmp/b/c.py": "", "doc/x.md": "", "doc/i/j/x.md": "", "doc/y.md": "",
        "abc.py": "", "ac.py": "", "d.py": "", "f.py": "",
    },
    "odd lines": {
        ".gitignore": "trail   \n\\#hash\n\\!bang\nsp\\ ace\n///\n!\n[\n",
        "trail": "", "#hash": "", "!bang": "", "sp ace": "", "x": "",
    },
    "a pattern with a slash holds from where it stands": {
        ".gitignore": "a/b\n", "a/b": "", "c/a/b": "", "sub/.gitignore": "a/b\n", "sub/a/b": "",
    },
}  # fmt: skip


@pytest.mark.parametrize("case", GIT_CASES)
@pytest.mark.parametrize("with_git", [True, False])
def test_rules_hold_as_git_reads_them(tmp_path: Path, case: str, with_git: bool) -> None:
    lay_out(tmp_path, GIT_CASES[case])
    git(tmp_path, "init", "-q")
    expected = git(tmp_path, "ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]
    if not with_git:
        (tmp_path / ".git").rename(tmp_path / "node_modules")
    assert sorted(found(IgnoreRules(tmp_path))) == sorted(expected)


@pytest.mark.parametrize("case", GIT_CASES)
@pytest.mark.parametrize("name", [".ignore", ".pilotfishignore"])
def test_our_own_files_hold_at_every_level_as_git_reads_its_own(tmp_path: Path, case: str, name: str) -> None:
    """What git makes of `.gitignore` files, we make of the same lines in the same places under our names."""
    lay_out(tmp_path / "git", GIT_CASES[case])
    git(tmp_path / "git", "init", "-q")
    expected = git(tmp_path / "git", "ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]
    renamed = {path.replace(".gitignore", name): text for path, text in GIT_CASES[case].items()}
    lay_out(tmp_path / "own", renamed)
    ours = [path.replace(name, ".gitignore") for path in found(IgnoreRules(tmp_path / "own"))]
    assert sorted(ours) == sorted(expected)


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({".ignore": "*.go\n", ".pilotfishignore": "!x.go\n"}, {"x.go", "x.rs", "in/x.go", "in/x.rs"}),
        ({".pilotfishignore": "*.go\n", "in/.ignore": "!*.go\n"}, {"x.rs", "in/x.go", "in/x.rs"}),
        ({".ignore": "*.go\n", "in/.pilotfishignore": "*.rs\n"}, {"x.rs"}),
        ({".gitignore": "*.go\n", "in/.ignore": "!*.go\n"}, {"x.rs", "in/x.rs"}),
    ],
)
def test_the_nearest_of_our_files_has_the_last_word(
    tmp_path: Path, files: dict[str, str], left: set[str]
) -> None:
    lay_out(tmp_path, files | dict.fromkeys(["x.go", "x.rs", "in/x.go", "in/x.rs"], ""))
    assert {path for path in found(IgnoreRules(tmp_path)) if "x." in path} == left


@pytest.mark.parametrize(
    "config",
    [
        "[core]\n\texcludesFile = ~/mine\n",
        '[user]\nname = x\n[CORE]\n  bare = false\n  excludesfile="~/mine"\n[alias]\nexcludesfile = ~/no\n',
    ],
)
def test_the_users_own_ignore_file_lies_where_git_is_told(
    tmp_path: Path, own_home: Path, config: str
) -> None:
    lay_out(
        own_home, {"mine": "*.mine\n", "no": "*\n", ".gitconfig": config, "config/git/ignore": "*.user\n"}
    )
    lay_out(tmp_path / "root", dict.fromkeys(["a.mine", "a.user", "a.py"], ""))
    git(tmp_path / "root", "init", "-q")
    expected = git(tmp_path / "root", "ls-files", "--others", "--exclude-standard").split()
    assert found(IgnoreRules(tmp_path / "root")) == expected == ["a.py", "a.user"]


def test_rules_from_above_the_root_and_from_outside_the_tree_hold(tmp_path: Path, own_home: Path) -> None:
    lay_out(own_home, {"config/git/ignore": "*.user\n"})
    lay_out(tmp_path, {".gitignore": "*.log\n/sub/one.py\n/one.py\n", "sub/.gitignore": "*.tmp\n"})
    lay_out(
        tmp_path,
        dict.fromkeys(["sub/one.py", "sub/in/one.py", "sub/a.log", "sub/a.user", "sub/in/b.tmp"], ""),
    )
    git(tmp_path, "init", "-q")
    lay_out(tmp_path, {".git/info/exclude": "secret-plan.md\n", "sub/secret-plan.md": ""})
    assert found(IgnoreRules(tmp_path / "sub")) == [".gitignore", "in/one.py"]
    assert found(IgnoreRules(tmp_path / "sub" / "in")) == ["one.py"]


def test_a_root_that_its_repository_ignores_was_opened_on_purpose(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {".gitignore": "/versions\n*.py\n", "versions/3/a.py": "", "versions/3/.gitignore": "b.py\n"},
    )
    git(tmp_path, "init", "-q")
    lay_out(tmp_path, {"versions/3/b.py": ""})
    assert found(IgnoreRules(tmp_path / "versions" / "3")) == [".gitignore", "a.py"]


def test_what_leaves_nothing_of_a_root_without_a_repository_says_nothing(tmp_path: Path) -> None:
    files = {
        ".gitignore": ".*\n!.keep\n/*\n!/debian/\n",
        ".keep": "",
        "Makefile": "",
        "mm/a.c": "",
        "mm/.gitignore": "b.c\n",
        "mm/b.c": "",
    }
    lay_out(tmp_path / "kernel", files)
    assert {"Makefile", "mm/a.c"} <= set(found(IgnoreRules(tmp_path / "kernel")))
    assert "mm/b.c" not in found(IgnoreRules(tmp_path / "kernel"))
    lay_out(tmp_path / "packaged", {**files, "debian/rules": ""})
    assert found(IgnoreRules(tmp_path / "packaged")) == ["debian/rules"]
    lay_out(tmp_path / "private", {".gitignore": "notes.py\n", "notes.py": ""})  # it alone, and by its name
    assert found(IgnoreRules(tmp_path / "private")) == [".gitignore"]
    lay_out(tmp_path / "tracked", files)
    git(tmp_path / "tracked", "init", "-q")
    assert found(IgnoreRules(tmp_path / "tracked")) == []


def test_tracked_files_count_as_not_ignored_but_our_own_rules_hold(tmp_path: Path) -> None:
    lay_out(tmp_path, dict.fromkeys(["gen/a.py", "gen/b.py", "gen/deep/c.py", "x.log", "y.log", "z.log"], ""))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", "gen/a.py", "gen/deep/c.py", "x.log", "z.log")
    lay_out(tmp_path, {".gitignore": "gen/\n*.log\n", ".pilotfishignore": "z.log\n"})
    tracked = tracked_though_ignored(tmp_path)
    assert tracked == {"gen/a.py", "gen/deep/c.py", "x.log", "z.log"}
    rules = IgnoreRules(tmp_path, (), tracked)
    assert found(rules) == [".gitignore", ".pilotfishignore", "x.log", "gen/a.py", "gen/deep/c.py"]


def test_our_rules_can_only_leave_out_more(tmp_path: Path) -> None:
    lay_out(
        tmp_path, {".gitignore": "*.log\n", ".ignore": "!*.log\n/a\n", ".pilotfishignore": "!vendor\n!a\n"}
    )
    lay_out(tmp_path, {"x.log": "", "a": "", "vendor/b": "", "b/vendor": "", "b/vendors": ""})
    (tmp_path / "vendor" / ".ignore").write_text("!*\n")
    expected = [".gitignore", ".ignore", ".pilotfishignore", "a", "b/vendors"]
    assert found(IgnoreRules(tmp_path, ["vendor"])) == expected


def test_folders_that_are_never_source_are_left_out(tmp_path: Path) -> None:
    inside = ["node_modules/x.js", "a/__pycache__/b.py", "lib/site-packages/c.py", ".git/HEAD", ".tox/d.py"]
    lay_out(
        tmp_path,
        dict.fromkeys([*inside, "env/pyvenv.cfg", "env/e.py", "target/CACHEDIR.TAG", "target/f.rs"], ""),
    )
    lay_out(tmp_path, dict.fromkeys(["venv/g.py", "build/h.py"], ""))
    assert found(IgnoreRules(tmp_path)) == ["build/h.py", "venv/g.py"]
    assert all(map(lies_in_built_in, inside))
    assert not lies_in_built_in("venv/g.py")


def test_git_runs_nothing_that_the_repository_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    lay_out(tmp_path, {"a.log": ""})
    git(tmp_path, "add", "a.log")
    lay_out(tmp_path, {".gitignore": "*.log\n"})
    marker = tmp_path / "ran"
    script = tmp_path / "spy"
    script.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    script.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(script))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert tracked_though_ignored(tmp_path) == {"a.log"}
    assert not marker.exists()


def test_without_git_or_a_repository_nothing_is_tracked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracked_though_ignored(tmp_path) == frozenset()
    monkeypatch.setenv("PATH", "")
    assert tracked_though_ignored(tmp_path) == frozenset()


def test_a_git_that_the_workspace_brings_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "git"
    planted.write_text(f"#!/bin/sh\ntouch '{tmp_path / 'ran'}'\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tracked_though_ignored(tmp_path) == frozenset()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00*", b"\0", b"[z-a]*\n\\", b"a" * 2_000_000, "é\n*.ü\n".encode("latin-1")],
)
def test_an_ignore_file_that_makes_no_sense_ignores_little(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".gitignore").write_bytes(content)
    (tmp_path / "x.py").write_text("x")
    assert "x.py" in found(IgnoreRules(tmp_path))


def test_an_ignore_file_may_be_a_folder_or_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").mkdir()
    (tmp_path / ".ignore").symlink_to(tmp_path / "nowhere")
    (tmp_path / "x.py").write_text("x")
    assert [file.path for file in walk(IgnoreRules(tmp_path))] == ["x.py"]


def test_an_ignore_file_is_parsed_again_only_when_it_has_changed(tmp_path: Path) -> None:
    files, place = PatternFiles(), tmp_path / ".gitignore"
    place.write_text("*.log\n")
    first = files.read(str(place))
    assert files.read(str(place)) is first
    assert IgnoreRules(tmp_path, files=files).ignores("a.log")
    place.write_text("*.tmp.txt\n")
    assert files.read(str(place)) is not first
    assert not IgnoreRules(tmp_path, files=files).ignores("a.log")
    place.unlink()
    assert not files.read(str(place))
