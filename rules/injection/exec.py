import builtins

SETUP = "import math"


def plugin(text, scope, cursor, path):
    # ruleid: exec-injection, exec-call
    exec(text, globals())
    # ruleid: exec-injection, exec-call
    exec(f"value = {text}")
    # ruleid: exec-injection, exec-call
    exec(compile(open(path).read(), path, "exec"), scope)

    # ruleid: exec-injection, exec-call
    builtins.exec(text)

    # Near miss: constants.
    # ok: exec-injection
    # ruleid: exec-call
    exec("import math", scope)
    # ok: exec-injection
    # ruleid: exec-call
    exec(SETUP, scope)

    # Trap: a method of that name, and text that is only compiled.
    # ok: exec-injection, exec-call
    cursor.exec(text)
    # ok: exec-injection, exec-call
    return compile(text, "<plugin>", "exec")


def filled(text, module, fields, name):
    # Near miss: the module that a file makes.
    # ok: exec-injection
    # ruleid: exec-call
    exec(text, module.__dict__)
    # A generator of code, as named tuples and data classes are made.
    # ok: exec-injection
    # ruleid: exec-call
    exec("def %s(self):\n    return self._%s" % (name, name))
    lines = ["class Made:"]
    lines += ["    %s = None" % f for f in fields]
    # ok: exec-injection
    # ruleid: exec-call
    exec("\n".join(lines), scope := {})
    # Trap: an expression of someone else within.
    # ruleid: exec-injection, exec-call
    exec("value = %s" % text)
    return scope


def exec_in(code, namespace):
    # An exec of one's own: who calls it decides.
    # ok: exec-injection
    # ruleid: exec-call
    exec(code, namespace)


def exec_late(code, namespace=None):
    namespace = {} if namespace is None else namespace
    # ok: exec-injection
    # ruleid: exec-call
    exec(code, namespace)


def result(code):
    namespace = {}
    # Trap: the namespace is this function's own, the code is not.
    # ruleid: exec-injection, exec-call
    exec(code, namespace)
    return namespace["result"]


class Loader:
    def exec_module(self, module):
        # ok: exec-injection
        # ruleid: exec-call
        exec(self.code(), vars(module))


def clean(names):
    for line in ["import math", "import cmath"]:
        # ok: exec-injection
        # ruleid: exec-call
        exec(line)
    for line in names:
        # ruleid: exec-injection, exec-call
        exec(line)
