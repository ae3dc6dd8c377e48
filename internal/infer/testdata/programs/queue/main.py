"""Workers and retries: threads, executors, callbacks, signals between objects, weak references."""
import atexit
import concurrent.futures
import functools
import logging
import queue
import threading
import weakref

log = logging.getLogger("work")


class Collect(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.short(record))

    def short(self, record):
        return record.getMessage()


class Signal:
    def __init__(self):
        self._receivers = []

    def connect(self, f):
        self._receivers.append(weakref.WeakMethod(f) if hasattr(f, "__self__") else weakref.ref(f))
        return f

    def __call__(self, *args):
        for ref in self._receivers:
            f = ref()
            if f is not None:
                f(*args)


class Retry:
    def __init__(self, times, on=Exception):
        self.times, self.on = times, on

    def __call__(self, f):
        def attempt(*args):
            for n in range(self.times):
                try:
                    return f(*args)
                except self.on as e:
                    self.failed(n, e)
            return give_up(f)

        return functools.update_wrapper(attempt, f)

    def failed(self, n, error):
        log.warning("attempt %d: %s", n, error)


def give_up(f):
    return None


class Flaky:
    def __init__(self):
        self.calls = 0

    @Retry(3, on=ValueError)
    def fetch(self, n):
        self.calls += 1
        if self.calls % 2:
            raise ValueError(n)
        return parse(n)


def parse(n):
    return n * n


class Worker(threading.Thread):
    def __init__(self, jobs, done):
        super().__init__(daemon=True)
        self.jobs, self.done = jobs, done

    def run(self):
        for job in iter(self.take, None):
            self.done(job())

    def take(self):
        return self.jobs.get()


class Board:
    def __init__(self):
        self.results = []
        self.changed = Signal()

    def post(self, value):
        self.results.append(value)
        self.changed(value)

    def total(self):
        return functools.reduce(plus, self.results, 0)


def plus(a, b):
    return a + b


class Screen:
    def __init__(self, board):
        self.shown = []
        board.changed.connect(self.show)

    def show(self, value):
        self.shown.append(value)


@atexit.register
def bye():
    log.info("bye")


def finished(future):
    log.warning("finished %s", future.result())


def main():
    handler = Collect()
    log.addHandler(handler)
    board, jobs, flaky = Board(), queue.Queue(), Flaky()
    screen = Screen(board)
    worker = Worker(jobs, board.post)
    worker.start()
    for n in range(3):
        jobs.put(functools.partial(flaky.fetch, n))
    jobs.put(None)
    worker.join()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        future = pool.submit(parse, 5)
        future.add_done_callback(finished)
        board.post(sum(pool.map(parse, range(3))))
    print(board.total(), screen.shown, len(handler.lines))


main()
