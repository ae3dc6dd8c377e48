"""Accounts with descriptors, properties, metaclass, class and static methods, exceptions and context managers."""
import abc
import threading


class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return getattr(obj, self.name, 0)

    def __set__(self, obj, value):
        if value < 0:
            self.fail(value)
        setattr(obj, self.name, value)

    def fail(self, value):
        raise ValueError("%s: %r" % (self.name, value))


class Registry(type):
    kinds = {}

    def __new__(mcs, name, bases, body):
        cls = super().__new__(mcs, name, bases, body)
        mcs.kinds[name.lower()] = cls
        return cls

    def open(cls, *args):
        return cls(*args)


class Base(metaclass=Registry):
    balance = Positive()

    def __init__(self, owner):
        self.owner = owner
        self.history = History()

    def deposit(self, n):
        with self.history.entry("deposit") as e:
            self.balance += n
            e.amount = n

    def withdraw(self, n):
        with self.history.entry("withdraw") as e:
            self.balance = self.check(self.balance - n)
            e.amount = -n

    def check(self, n):
        return n

    @property
    def summary(self):
        return self.format(self.owner, self.balance)

    @staticmethod
    def format(owner, n):
        return "%s has %d" % (owner, n)

    @classmethod
    def of(cls, kind, *args):
        return cls.kinds[kind].open(*args)


class Savings(Base):
    def __init__(self, owner, rate=1):
        super().__init__(owner)
        self.rate = rate

    def grow(self):
        self.deposit(self.balance * self.rate // 100)


class Credit(Base):
    limit = 100

    def check(self, n):
        return max(super().check(n), self.floor())

    def floor(self):
        return 0


class Entry:
    def __init__(self, what):
        self.what, self.amount, self.failed = what, 0, False

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        self.failed = kind is not None
        return False


class History:
    def __init__(self):
        self.entries = []

    def entry(self, what):
        self.entries.append(Entry(what))
        return self.entries[-1]

    def __iter__(self):
        yield from self.entries

    def __getitem__(self, i):
        return self.entries[i]

    def __bool__(self):
        return bool(self.entries)


class Report(abc.ABC):
    def render(self, accounts):
        return self.join(self.row(a) for a in accounts)

    @abc.abstractmethod
    def row(self, account):
        ...

    def join(self, rows):
        return "; ".join(rows)


class Short(Report):
    def row(self, account):
        return account.summary


class Long(Short):
    def row(self, account):
        first = account.history[0].what if account.history else "nothing"
        return super().row(account) + " since " + first

    def join(self, rows):
        return "\n".join(sorted(rows, key=self.rank))

    def rank(self, row):
        return len(row)


def run(account, n, lock, done):
    with lock:
        account.deposit(n)
    done(account)


def main():
    a, b = Base.of("savings", "ann", 5), Base.of("credit", "bo")
    lock, finished = threading.Lock(), []
    threads = [threading.Thread(target=run, args=(a, n, lock, finished.append)) for n in (10, 200)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    a.grow()
    b.withdraw(5)
    try:
        a.withdraw(1000)
    except ValueError as e:
        print("refused", e, [e.failed for e in a.history][-1])
    for report in (Short(), Long()):
        print(report.render([a, b]))


main()
