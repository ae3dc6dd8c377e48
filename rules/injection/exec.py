import builtins

SETUP = "import math"


def plugin(text, scope, cursor, path):
    # ruleid: exec-injection, exec-call
    exec(text, scope)
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
