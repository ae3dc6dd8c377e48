"""A simulation: a queue of events, processes as generators, observers."""
import contextlib
import heapq
import itertools


class Event:
    def __init__(self, time, action, *args):
        self.time, self.action, self.args = time, action, args

    def __lt__(self, other):
        return self.time < other.time

    def fire(self):
        self.action(*self.args)


class Timeout:
    def __init__(self, delay):
        self.delay = delay

    def arm(self, sim, process):
        sim.at(self.delay, process.resume)


class Wait:
    def __init__(self, resource):
        self.resource = resource

    def arm(self, sim, process):
        self.resource.queue(sim, process)


class Process:
    ids = itertools.count(1)

    def __init__(self, sim, steps):
        self.sim = sim
        self.steps = steps
        self.id = next(self.ids)
        self.resume()

    def resume(self, value=None):
        try:
            request = self.steps.send(value)
        except StopIteration:
            self.sim.notify("end", self)
            return
        request.arm(self.sim, self)


class Resource:
    def __init__(self):
        self.holder = None
        self.waiting = []

    def queue(self, sim, process):
        if self.holder is None:
            self.grant(sim, process)
        else:
            self.waiting.append(process)

    def grant(self, sim, process):
        self.holder = process
        sim.at(0, process.resume, self)

    def release(self, sim):
        self.holder = None
        if self.waiting:
            self.grant(sim, self.waiting.pop(0))


class Simulation:
    def __init__(self):
        self.now = 0
        self.events = []
        self.observers = {"start": [], "end": []}

    def at(self, delay, action, *args):
        heapq.heappush(self.events, Event(self.now + delay, action, *args))

    def start(self, steps):
        p = Process(self, steps)
        self.notify("start", p)
        return p

    def observe(self, kind, f):
        self.observers[kind].append(f)

    def notify(self, kind, what):
        for f in self.observers[kind]:
            f(what)

    def run(self):
        while self.events:
            event = heapq.heappop(self.events)
            self.now = event.time
            event.fire()


class Counter:
    def __init__(self):
        self.n = 0

    def bump(self, _):
        self.n += 1


def customer(sim, till, name):
    yield Timeout(len(name))
    yield Wait(till)
    yield from serve(name)
    till.release(sim)


def serve(name):
    for _ in range(2):
        yield Timeout(1)
    shout(name)


def shout(name):
    print(name, "is served")


@contextlib.contextmanager
def simulation():
    sim = Simulation()
    counter = Counter()
    sim.observe("end", counter.bump)
    sim.observe("start", lambda p: started(p))
    yield sim
    sim.run()
    print(counter.n, "ended at", sim.now)


def started(p):
    print("process", p.id)


with simulation() as sim:
    till = Resource()
    for name in ("ann", "bo", "cleo"):
        sim.start(customer(sim, till, name))
