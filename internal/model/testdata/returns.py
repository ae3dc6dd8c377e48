"""For each line of a call and an expression: the classes of the expression's value, and the abstract ones that it belongs to."""
import collections.abc
import importlib
import sys

abstract = [getattr(collections.abc, n) for n in ("Iterator", "Iterable", "Generator")]
for line in sys.stdin:
    call, expr = line.rstrip("\n").split("\t")
    scope = {}
    for word in (call + " " + expr).replace("(", " ").replace(".", " . ").split():
        if word.isidentifier() and word not in scope:
            try:
                scope[word] = importlib.import_module(word)
            except ImportError:
                pass
    for name in ("urllib.parse", "xml.etree.ElementTree", "xml.dom.minidom", "concurrent.futures", "os.path", "unittest.mock"):
        importlib.import_module(name)
    for word in list(scope):
        scope[word] = sys.modules[word]
    value = eval(expr, scope)
    found = list(type(value).__mro__[:-1]) + [a for a in abstract if isinstance(value, a)]
    print(" ".join(f"{c.__module__}.{c.__qualname__}" for c in found))
