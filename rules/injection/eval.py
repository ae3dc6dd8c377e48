import ast
import builtins


def limits(text, frame):
    # ruleid: eval-injection, eval-call
    low = eval(text)
    # ruleid: eval-injection, eval-call
    high = eval("int(" + text + ")", {"__builtins__": {}})

    # ruleid: eval-injection, eval-call
    builtins.eval(text)
    # ruleid: eval-injection
    list(map(eval, text.split(",")))

    # Near miss: constants.
    # ok: eval-injection
    # ruleid: eval-call
    step = eval("1 << 4")
    # ok: eval-injection
    # ruleid: eval-call
    eval(compile("1 + 1", "<sum>", "eval"))

    # ok: eval-injection
    # ruleid: eval-call
    eval(repr(frame))

    # Trap: a reader of literals, and a method of that name.
    # ok: eval-injection, eval-call
    names = ast.literal_eval(text)
    # ok: eval-injection, eval-call
    total = frame.eval(text)
    return low, high, step, names, total


class Model:
    # Trap: a function of one's own by that name, called as what it is.
    # ok: eval-injection, eval-call
    def eval(self, batch):
        # ok: eval-injection, eval-call
        return self.eval(batch[1:])


def stopped(text, frame, names):
    # Near miss: the prompt of a debugger.
    # ok: eval-injection
    # ruleid: eval-call
    eval(text, frame.f_globals, frame.f_locals)
    # Trap: the namespace of this module is no frame.
    # ruleid: eval-injection, eval-call
    return eval(text, globals(), names.copy())


def eval_in(text, names):
    # ok: eval-injection
    # ruleid: eval-call
    return eval(text, names)


def eval_maybe(text, names=None):
    # ok: eval-injection
    # ruleid: eval-call
    return eval(text, names)


def status(engine, given):
    # What stands here.
    for test in ["engine.open", "engine.slots"]:
        # ok: eval-injection
        # ruleid: eval-call
        print(eval(test))
    checks = ("engine.open", "engine.slots")
    for check in checks:
        # ok: eval-injection
        # ruleid: eval-call
        print(eval(check))
    # Trap: what does not.
    for test in given:
        # ruleid: eval-injection, eval-call
        print(eval(test))
    for test in ["engine.open", given]:
        # ruleid: eval-injection, eval-call
        print(eval(test))


def choice(text, other):
    if text in ("True", "False"):
        # ok: eval-injection
        # ruleid: eval-call
        return eval(text)
    # ruleid: eval-injection, eval-call
    return eval(other)
