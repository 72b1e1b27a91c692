"""Rendering: what stands in the prompt, within the window, and that it stays the same from key to key."""

from __future__ import annotations

from pilotfish.context.snippet import Context, Snippet
from pilotfish.models.backend import ModelProfile, Prompt
from pilotfish.prompt.fim import BLOCK_LINES, render
from tests.marked import marked

PROFILE = ModelProfile(window_tokens=1_000, max_tokens=100, stop=("<end>",))


def rendered(text: str, *snippets: Snippet, language: str = "python") -> Prompt:
    document, position = marked(text, language=language)
    return render(document, position, Context(snippets), PROFILE, single_line=True)


def test_prefix_suffix_and_limits() -> None:
    prompt = rendered("a = 1\nb = $0 + 2\nc = 3\n")
    assert (prompt.prefix, prompt.suffix) == ("a = 1\nb = ", " + 2\nc = 3\n")
    assert (prompt.stop, prompt.max_tokens) == (("<end>",), 100)


def test_snippets_carry_their_path_in_a_comment_of_the_language() -> None:
    one = Snippet("lib/b.py", 0, "def f(): ...\n", "open_tabs", 1.0)
    assert rendered("$0", one).context[0].text == "# lib/b.py\ndef f(): ...\n"
    assert rendered("$0", one, language="go").context[0].text.startswith("// lib/b.py\n")
    assert rendered("$0", one, language="html").context[0].text.startswith("<!-- lib/b.py -->\n")


def test_the_left_edge_stays_while_typing_and_the_window_holds() -> None:
    head = "".join(f"line_{n} = {n}\n" for n in range(1_000))
    starts = set()
    for typed in ("x", "x = ", "x = value", "x = value\ny", "x = value\ny = 1\nz"):
        prompt = rendered(f"{head}{typed}$0\nend\n")
        starts.add(prompt.prefix.split("\n", 1)[0])
        assert prompt.prefix.endswith(typed)
        assert len((prompt.prefix + prompt.suffix).encode()) / 4 <= PROFILE.window_tokens
    assert len(starts) == 1
    assert int(starts.pop().split()[-1]) % BLOCK_LINES == 0


def test_a_model_s_own_bounds_hold_beside_the_window() -> None:
    head = "".join(f"line_{n} = {n}\n" for n in range(1_000))
    document, position = marked(f"{head}$0\n{head}")
    profile = ModelProfile(window_tokens=4_000, prefix_tokens=300, suffix_tokens=100)
    prompt = render(document, position, Context(), profile, single_line=True)
    assert 0 < len(prompt.prefix) <= 1_200
    assert 0 < len(prompt.suffix) <= 400


def test_the_left_edge_stays_while_snippets_come_and_go() -> None:
    head = "".join(f"line_{n} = {n}\n" for n in range(1_000))
    document, position = marked(f"{head}$0\n")
    starts = set()
    for count in range(4):
        snippets = tuple(Snippet(f"{n}.py", 0, "x = 1\n" * 60, "open_tabs", 1.0) for n in range(1, count + 2))
        context = Context(snippets)
        assert 0 < context.tokens <= 512
        prompt = render(document, position, context, ModelProfile(window_tokens=4_000), single_line=True)
        starts.add(prompt.prefix.split("\n", 1)[0])
    assert len(starts) == 1


def test_the_paths_above_snippets_count_for_the_window_too() -> None:
    head = "".join(f"line_{n} = {n}\n" for n in range(1_000))
    document, position = marked(f"{head}$0\n{head}")
    folder = "folder_with_a_long_name/" * 4
    context = Context(tuple(Snippet(f"{folder}{n}.py", 0, "x = 1\n", "usages", 1.0) for n in range(60)))
    prompt = render(document, position, context, ModelProfile(window_tokens=4_000), single_line=True)
    texts = [prompt.prefix, prompt.suffix, *(part.text for part in prompt.context)]
    assert sum(len(text.encode()) for text in texts) / 4 <= 4_000 - prompt.max_tokens
