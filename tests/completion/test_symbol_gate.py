"""Members that are almost right: what is put right, and what is left alone because it would be a guess."""

from __future__ import annotations

from functools import partial

import pytest

from pilotfish.completion.gap import Gap
from pilotfish.completion.symbol_gate import distance, is_near, symbol_gate
from pilotfish.platform.steps import finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import parse_steps
from tests.marked import request_of

MEMBERS = {
    "Client": ["sendMessage", "sendAll", "close", "_secret"],
    "Order": ["total_price", "items", "customer"],
    "Shop": ["client", "order", "open_door"],
    "Twins": ["read_message", "read_messages"],
}
PY, TS, GO, JAVA = "python", "typescript", "go", "java"
IN_F = "def f(c: Client, o: Optional[Order], x, t: Twins):\n    "

CASES = [
    # language, document, generated, left
    (PY, IN_F + "c.$0\n", "sendMsg(x)", "sendMessage(x)"),
    (PY, IN_F + "$0\n", "c.sendMsg(o.totalPrice)", "c.sendMessage(o.total_price)"),
    (PY, IN_F + "$0\n", "if x:\n        c.sendMesage(x)", "if x:\n        c.sendMessage(x)"),
    (PY, IN_F + "return o.$0\n", "cutsomer", "customer"),
    (PY, "class Shop:\n    def f(self):\n        self.$0\n", "opne_door()", "open_door()"),
    (
        PY,
        "class A:\n    def __init__(self):\n        self.client = Client()\n    def f(self):\n        $0\n",
        "self.client.sendMsg(1)",
        "self.client.sendMessage(1)",
    ),
    (TS, "function f(c: Client) {\n  $0\n}\n", "c.sendMsg(1);", "c.sendMessage(1);"),
    (GO, "func f(c *Client) {\n\tc.$0\n}\n", "sendMsg(1)", "sendMessage(1)"),
    (JAVA, "class A { Client c; void f() { $0 } }\n", "c.sendMsg(1);", "c.sendMessage(1);"),
    # Known members, and names that are far from any.
    (PY, IN_F + "c.$0\n", "sendAll(x)", "sendAll(x)"),
    (PY, IN_F + "c.$0\n", "connect(x)", "connect(x)"),
    # Two members are near.
    (PY, IN_F + "t.$0\n", "read_msg()", "read_message()"),
    (PY, IN_F + "t.$0\n", "read_messagess()", "read_messagess()"),
    # The text does not say the type, or the index does not know it.
    (PY, IN_F + "x.$0\n", "sendMsg(x)", "sendMsg(x)"),
    (PY, "def f(c: Stranger):\n    c.$0\n", "sendMsg(x)", "sendMsg(x)"),
    # The name stands elsewhere in the document: it may have been given just now.
    (PY, IN_F + "c.$0\n\nsetattr(Client, 'sendMsg', g)\n", "sendMsg(x)", "sendMsg(x)"),
    # The receiver is another one in the text itself.
    (PY, IN_F + "$0\n", "for c in x:\n        c.sendMsg(x)", "for c in x:\n        c.sendMsg(x)"),
    (PY, IN_F + "$0\n", "c = g()\n    c.sendMsg(x)", "c = g()\n    c.sendMsg(x)"),
    # A field is not the variable of the same name.
    (
        PY,
        "class A:\n    def f(self):\n        self.c = Client()\n        $0\n",
        "c.sendMsg(1)",
        "c.sendMsg(1)",
    ),
    # A member of a member, a call's result, strings and comments.
    (PY, IN_F + "$0\n", "x.c.sendMsg(x)", "x.c.sendMsg(x)"),
    (PY, IN_F + "$0\n", "x = 'c.sendMsg'  # c.sendMsg", "x = 'c.sendMsg'  # c.sendMsg"),
    (PY, IN_F + "x = 'c.$0'\n", "sendMsg", "sendMsg"),
]


def check_gate(language: str, text: str, generated: str) -> str:
    request = request_of(text, language=language)
    tree = partial(parse_steps, request.document.text, language_of_id(language))
    gap = Gap(request, tree=tree, members=lambda name: MEMBERS.get(name, ()))
    return finish(symbol_gate(generated, gap))


@pytest.mark.parametrize(("language", "text", "generated", "left"), CASES)
def test_members(language: str, text: str, generated: str, left: str) -> None:
    assert check_gate(language, text, generated) == left


def test_without_a_tree_nothing_is_done() -> None:
    gap = Gap(request_of(IN_F + "c.$0\n"), members=lambda name: MEMBERS.get(name, ()))
    assert finish(symbol_gate("sendMsg(x)", gap)) == "sendMsg(x)"


NEAR = {
    ("sendMsg", "sendMessage"): True,
    ("send_message", "sendMessage"): True,
    ("sendMesage", "sendMessage"): True,
    ("get_conf", "get_config"): True,
    ("load_cfg", "load_config"): True,
    ("send", "sendMessage"): False,
    ("receiveMessage", "sendMessage"): False,
    ("clone", "close"): False,
    ("get", "set"): False,
    ("_open", "open"): False,
    ("set_up", "select_up"): False,
}


def test_near_is_a_letter_an_abbreviation_or_a_way_of_writing() -> None:
    assert {pair: is_near(*pair) for pair in NEAR} == NEAR


def test_distance_counts_letters_up_to_the_limit() -> None:
    assert [distance("abcd", other, 2) for other in ("abcd", "abdc", "abd", "xbcd", "dcba")] == [
        0,
        1,
        1,
        1,
        3,
    ]
