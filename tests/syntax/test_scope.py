import pytest

from pilotfish.syntax.languages import LANGUAGES, language_of_id
from pilotfish.syntax.scope import constructed, locals_at, type_name
from pilotfish.syntax.tree import parse
from tests.marked import marked

# A program with the cursor, and what can be seen from there: `name` or `name: type`, nearest first.
PROGRAMS = {
    "python": (
        """
import os
LIMIT = 10

class Other:
    hidden = 1

class Shop:
    def __init__(self, till: Till | None):
        self.stock = Stock(till)

    def sell(self, item: "Item", *rest, price=1):
        def inner(unseen): pass
        for one, two in rest:
            with open(one) as file:
                order: Optional[shop.Order] = None
                $0
        later = 1
""",
        "self: Shop, this: Shop, order: Order, file, two, one, price, rest, item: Item, stock: Stock, LIMIT",
    ),
    "typescript": (
        """
class Shop {
  private stock: Map<string, Item> = new Map();
  constructor(readonly till: Till) {}
  sell(item: Item, { price }: Options): void {
    const order = new shop.Order(item);
    items.forEach((each) => { unseen(); });
    $0
  }
}
""",
        "self: Shop, this: Shop, order: Order, price, item: Item, till: Till, stock: Map",
    ),
    "javascript": (
        """
function sell(item, price = 1) {
  if (item) { const hidden = 1; }
  const { till, rest: others } = item, order = new Order();
  $0
}
""",
        "order: Order, others, till, price, item",
    ),
    "go": (
        """
func (s *Shop) Sell(item *stock.Item, prices ...int) (err error) {
	order, ok := NewOrder(item), true
	if till := s.till; till != nil { }
	for index, price := range prices {
		$0
	}
}
func later(unseen int) {}
""",
        "price, index, ok, order: Order, err: error, prices: int, item: Item, s: Shop",
    ),
    "rust": (
        """
impl<T> Shop<T> {
    fn sell(&self, mut item: &mut Item, till: Option<Box<Till>>) {
        let order = Order::new(item);
        let count: usize = 1;
        $0
    }
    fn other(unseen: u8) {}
}
""",
        "self: Shop, this: Shop, count: usize, order: Order, till: Till, item: Item",
    ),
    "java": (
        """
class Shop {
  private final Stock stock = null;
  void sell(List<Item> items, int... prices) {
    for (Item item : items) {
      var order = new Order<Item>(item);
      $0
    }
  }
  abstract void other(int unseen);
}
""",
        "self: Shop, this: Shop, order: Order, item: Item, prices: int, items: List, stock: Stock",
    ),
    "kotlin": (
        """
class Shop(val stock: Stock) {
    fun sell(item: Item?) {
        val order = Order(item)
        $0
    }
}
""",
        "self: Shop, this: Shop, order: Order, item: Item, stock: Stock",
    ),
    "c": (
        """
int declared(int unseen);
static struct shop *the_shop;
int sell(struct item *item, const char *names[]) {
	struct order order, *other = NULL;
	$0
}
""",
        "other: order, order: order, names: char, item: item, the_shop: shop",
    ),
    "cpp": (
        """
class Shop {
  Stock* stock_;
  void sell(const std::vector<Item>& items, int price = 1) {
    auto order = Order(items);
    for (const auto& item : items) {
      $0
    }
  }
};
""",
        "self: Shop, this: Shop, item, order: Order, price: int, items: vector, stock_: Stock",
    ),
    "csharp": (
        """
class Shop {
    private readonly Stock _stock;
    public string Name { get; }
    void Sell(Item item) {
        var order = new Order(item);
        foreach (Part part in order) {
            $0
        }
    }
}
""",
        "self: Shop, this: Shop, part: Part, order: Order, item: Item, Name: string, _stock: Stock",
    ),
    "ruby": (
        """
class Shop
  def sell(item, price: 1)
    @order = Order.new(item)
    item.each { |part| $0 }
  end
end
""",
        "self: Shop, this: Shop, part, @order: Order, price, item",
    ),
    "php": (
        """<?php
class Shop {
    private ?Stock $stock;
    function sell(Item $item) {
        $order = new Order($item);
        $0
    }
}
""",
        "self: Shop, this: Shop, order: Order, item: Item, stock: Stock",
    ),
    "lua": (
        """
local shop = {}
function shop.sell(item, price)
  local order = item
  for index, part in pairs(order) do
    $0
  end
end
""",
        "part, index, order, price, item, shop",
    ),
    "shellscript": (
        """
LIMIT=10
sell() {
  local item="$1"
  $0
}
other() { local unseen=1; }
""",
        "item, LIMIT",
    ),
}


def check_locals(language_id: str, program: str) -> str:
    document, position = marked(program)
    tree = parse(document.text, language_of_id(language_id))
    assert tree is not None
    found = locals_at(tree, position)
    return ", ".join(f"{one.name}: {one.type}" if one.type else one.name for one in found)


@pytest.mark.parametrize("language_id", PROGRAMS)
def test_what_can_be_seen(language_id: str) -> None:
    program, seen = PROGRAMS[language_id]
    assert check_locals(language_id, program) == seen


def test_every_language_with_a_grammar_is_asked() -> None:
    dialects = {"javascriptreact": "javascript", "typescriptreact": "typescript"}
    assert {dialects.get(one.id, one.id) for one in LANGUAGES if one.grammar} == set(PROGRAMS)


def test_a_broken_line_at_the_cursor_takes_nothing_away() -> None:
    assert "item: Item" in check_locals("python", "def sell(item: Item):\n    order = Order(\n    item.$0\n")
    assert "item: Item" in check_locals("python", "def sell(item: Item):\n    $0\n")
    assert "item: Item" in check_locals("java", "class A { void sell(Item item) { item.$0 } }")


def test_an_indented_line_goes_on_with_the_block_above_it() -> None:
    program = "class A:\n    def f(self, x):\n        y = Order()\n\n"
    assert check_locals("python", program + "        $0") == "self: A, this: A, y: Order, x"
    assert check_locals("python", program + "    $0") == "self: A, this: A"
    assert check_locals("python", program + "$0") == ""
    assert check_locals("go", "func f(x int) {\n\ty := Order{}\n}\n\t$0") == ""


def test_a_type_is_told_later_only_by_what_stands_before() -> None:
    program = "def f():\n    order: Order = None\n    order = g()\n    $0\n"
    assert check_locals("python", program) == "order: Order"


TYPES = {
    "Order": "Order",
    "Optional[shop.Order]": "Order",
    "*stock.Item": "Item",
    "const std::vector<Item>&": "vector",
    "&'a mut Option<Box<Till>>": "Till",
    "[]Item": "",
    "any": "",
    '"Item"': "Item",
    "int": "int",
}
VALUES = {
    "Order(1)": "Order",
    "await new shop.Order()": "Order",
    "&Order{}": "Order",
    "Order::from(x)": "Order",
    "shop.NewOrder()": "Order",
    "errors.New('x')": "",
    "MAX(1)": "",
    "make_order()": "",
    "order.total()": "",
    "1": "",
}


def test_types_are_named_without_what_is_around_them() -> None:
    assert {text: type_name(text) for text in TYPES} == TYPES


def test_a_value_tells_what_it_makes() -> None:
    assert {text: constructed(text) for text in VALUES} == VALUES
