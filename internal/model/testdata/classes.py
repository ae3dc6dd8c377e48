"""Every public class of the modules named on the command line, as JSON lines: where it was found, its MRO, its public attributes."""
import importlib
import inspect
import json
import sys

for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
    except ImportError:
        continue  # not in this Python
    for attr in sorted(getattr(module, "__all__", None) or vars(module)):
        cls = getattr(module, attr, None)
        if attr.startswith("_") or not inspect.isclass(cls) or cls.__module__.partition(".")[0] not in (name.partition(".")[0], "_" + name, "builtins"):
            continue
        if cls.__module__ == "builtins" and name != "builtins":
            continue
        print(json.dumps({
            "name": f"{name}.{attr}",
            "mro": [f"{c.__module__}.{c.__qualname__}" for c in cls.__mro__],
            "methods": sorted(m for m in dir(cls) if not m.startswith("_") and callable(getattr(cls, m, None))),
            "attributes": sorted(m for m in dir(cls) if not m.startswith("_") and not callable(getattr(cls, m, None))),
            "own": sorted(m for m in vars(cls) if not m.startswith("_") and callable(getattr(cls, m, None))),
        }))
