"""An order system: value objects, repositories, services put together by hand."""
import dataclasses
import functools
from collections import defaultdict, namedtuple
from dataclasses import dataclass, field
from enum import Enum

Line = namedtuple("Line", "item quantity")


class State(Enum):
    OPEN = "open"
    PAID = "paid"

    @property
    def final(self):
        return self is State.PAID

    def next(self):
        return State.PAID


@functools.total_ordering
class Money:
    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __radd__(self, other):
        return self if other == 0 else NotImplemented

    def __mul__(self, n):
        return Money(self.cents * n)

    def __eq__(self, other):
        return self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __str__(self):
        return "%d.%02d" % divmod(self.cents, 100)

    def __hash__(self):
        return hash(self.cents)


@dataclass
class Item:
    name: str
    price: Money

    def total(self, n):
        return self.price * n


@dataclass
class Order:
    id: int
    lines: list = field(default_factory=list)
    state: State = State.OPEN

    def __post_init__(self):
        self.log = []

    def add(self, item, quantity=1):
        self.lines.append(Line(item, quantity))
        return self

    def total(self):
        return sum(line.item.total(line.quantity) for line in self.lines)

    def __iter__(self):
        return iter(self.lines)

    def __len__(self):
        return len(self.lines)

    def __contains__(self, name):
        return any(line.item.name == name for line in self)


class Repository:
    def __init__(self):
        self._rows = {}

    def save(self, row):
        self._rows[self.key(row)] = row
        return row

    def get(self, key):
        try:
            return self._rows[key]
        except KeyError:
            raise Missing(type(self).__name__, key) from None

    def key(self, row):
        raise NotImplementedError

    def all(self):
        return list(self._rows.values())


class Items(Repository):
    def key(self, row):
        return row.name


class Orders(Repository):
    def key(self, row):
        return row.id

    def by_state(self):
        found = defaultdict(list)
        for order in self.all():
            found[order.state].append(order)
        return found


class Missing(LookupError):
    def __init__(self, table, key):
        super().__init__("%s has no %r" % (table, key))
        self.table = table

    def explain(self):
        return "look in " + self.table


def audited(method):
    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        self.audit(method.__name__)
        return method(self, *args, **kwargs)

    return wrapper


class Service:
    def __init__(self, items, orders, discounts=()):
        self.items, self.orders = items, orders
        self.discounts = list(discounts)
        self.trail = []

    def audit(self, what):
        self.trail.append(what)

    @audited
    def place(self, number, *wanted):
        order = Order(number)
        for name, n in wanted:
            order.add(self.items.get(name), n)
        return self.orders.save(order)

    @audited
    def pay(self, number):
        order = self.orders.get(number)
        order.state = order.state.next()
        return self.price(order)

    def price(self, order):
        total = order.total()
        for discount in self.discounts:
            total = discount(order, total)
        return total


def bulk(order, total):
    return Money(total.cents - 100) if len(order) > 1 else total


class Percent:
    def __init__(self, p):
        self.p = p

    def __call__(self, order, total):
        return Money(total.cents * (100 - self.p) // 100)


def main():
    items = Items()
    for name, cents in {"tea": 350, "cup": 900}.items():
        items.save(Item(name, Money(cents)))
    service = Service(items, Orders(), discounts=[bulk, Percent(10)])
    service.place(1, ("tea", 2), ("cup", 1))
    service.place(2, ("tea", 1))
    print(service.pay(1), "cup" in service.orders.get(1))
    print(max(i.price for i in items.all()), sorted(items.all(), key=lambda i: i.price)[0])
    print({state.final: len(orders) for state, orders in service.orders.by_state().items()})
    copy = dataclasses.replace(service.orders.get(2), id=3)
    print(copy.total() == service.orders.get(2).total())
    try:
        service.place(4, ("hat", 1))
    except Missing as e:
        print(e.explain())


main()
