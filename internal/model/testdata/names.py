"""For each line of two names: whether they are one object ("same"), what the first is, or that it is not there ("missing")."""
import importlib
import inspect
import sys
import types


def find(name):
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            obj = importlib.import_module(".".join(parts[:end]))
        except Exception:
            continue
        try:
            for part in parts[end:]:
                obj = getattr(obj, part)
        except AttributeError:
            continue
        return obj
    obj = importlib.import_module("builtins")
    for part in parts:
        obj = getattr(obj, part)
    return obj


def kind(obj):
    if isinstance(obj, types.ModuleType):
        return "module"
    if inspect.isclass(obj):
        return "class"
    if callable(obj) and (inspect.isroutine(obj) or hasattr(obj, "__wrapped__")):
        return "function"
    return "variable"


for line in sys.stdin:
    first, second = line.split()
    try:
        a = find(first)
    except Exception:
        print("missing")
        continue
    try:
        b = find(second)
    except Exception:
        b = None
    print(kind(a), "same" if a is b or getattr(a, "__func__", a) is getattr(b, "__func__", b) else "other")
