"""A hole as a conversation: what is asked, and that no text can pose as the hole."""

from __future__ import annotations

from pilotfish.models.backend import Prompt, PromptPart
from pilotfish.prompt.chat import CLOSING, HOLE, OPENING, as_chat

PART = PromptPart("open_tabs", "# b.py\nx = 1\n", "b.py")
PROMPT = Prompt("def f():\n    x = ", "\n    return x\n", (PART,), 64, path="a.py", language="python")


def test_between_tags() -> None:
    chat = as_chat(PROMPT, prefill=False)
    system, question = chat.messages
    assert (system.role, question.role) == ("system", "user")
    assert OPENING in system.text
    assert f"def f():\n    x = {HOLE}\n    return x\n" in question.text
    assert question.text.index("# b.py") < question.text.index("The file a.py")
    assert chat.stop == (CLOSING,)
    assert chat.max_tokens > PROMPT.max_tokens  # the tags take some


def test_by_the_beginning_of_the_answer() -> None:
    chat = as_chat(PROMPT, prefill=True)
    beginning = chat.messages[-1]
    assert (beginning.role, beginning.text) == ("assistant", "```python\n    x =")
    assert OPENING not in chat.messages[0].text
    assert as_chat(Prompt("a\n    ", ""), prefill=True).messages[-1].text == "```"


def test_the_system_s_part_is_the_same_for_all_questions() -> None:
    other = Prompt("something else", "", path="b.py", language="go")
    assert as_chat(PROMPT, prefill=True).messages[0] == as_chat(other, prefill=True).messages[0]


def test_a_file_that_speaks_of_the_hole_gets_another_mark() -> None:
    chat = as_chat(Prompt(f"a = '{HOLE}'\nb = ", f"# {HOLE}"), prefill=False)
    assert chat.messages[1].text.count("<HOLE_/>") == 1
    assert "<HOLE_/>" in chat.messages[0].text
