import builtins
import cProfile
import importlib
import json
import logging.config
import pickle
import sys
import timeit
import urllib.request

import pandas
import requests
import sympy


def fetched(url):
    # ruleid: code-from-network
    exec(requests.get(url, timeout=3).text)
    answer = urllib.request.urlopen(url).read()
    # ruleid: code-from-network
    eval(answer)
    # ruleid: code-from-network
    pickle.loads(requests.get(url, timeout=3).content)
    # ok: code-from-network
    json.loads(requests.get(url, timeout=3).text)
    # ok: code-from-network
    exec("import this")
    # Trap: what is run comes from this program, and the answer is an argument.
    # ok: code-from-network
    eval("len(x)", {"x": answer})


def texts(name, frame: pandas.DataFrame, text):
    # ruleid: code-run-text
    timeit.timeit(f"lookup({name!r})", number=10)
    # ruleid: code-run-text
    cProfile.run("main(" + name + ")")
    # ruleid: code-run-text
    frame.query(f"name == '{name}'")
    # ruleid: code-run-text, code-run-call
    sympy.sympify("x + " + text)
    # ok: code-run-text
    frame.query("name == @name")
    # ok: code-run-text
    timeit.timeit(lambda: name.upper(), number=10)
    # ok: code-run-text
    cProfile.run("main(" + "1" + ")")
    # Trap: a question to a database, which is another weakness.
    # ok: code-run-text
    text.query(f"name == '{name}'")


def calls(text, annotation):
    # ruleid: code-run-call
    compile(text, "settings", "exec")
    # ruleid: code-run-call
    sympy.sympify(text)
    # ok: code-run-call
    compile("1 + 1", "sum", "eval")
    # Trap: regular expressions are compiled, too.
    # ok: code-run-call
    annotation.compile(text)


def imports(name):
    # ruleid: dynamic-import
    importlib.import_module(name)
    # ruleid: dynamic-import
    __import__("plugins." + name)
    # ok: dynamic-import
    importlib.import_module("json")
    # Trap: a function of one's own.
    # ok: dynamic-import
    name.import_module(name)


ACTIONS = {"start": fetched, "stop": texts}


def chosen(name, argument, module):
    # ruleid: dynamic-callee
    globals()[name](argument)
    # ruleid: dynamic-callee
    getattr(builtins, name)
    # ok: dynamic-callee
    ACTIONS[name](argument)
    # ok: dynamic-callee
    globals()["fetched"](argument)
    # Trap: an attribute of an object of the program.
    # ok: dynamic-callee
    getattr(module, name)


def watched(watch):
    # ruleid: trace-hook
    sys.settrace(watch)
    # ok: trace-hook
    sys.gettrace()
    # Trap: another thing that is set.
    # ok: trace-hook
    watch.settrace(watch)


def logged(path, level, settings):
    # ruleid: logging-configuration
    logging.config.fileConfig(path)
    # ruleid: logging-configuration
    logging.config.dictConfig(settings)
    # ok: logging-configuration
    logging.config.dictConfig({"version": 1, "root": {"level": level}})
    # ok: logging-configuration
    logging.basicConfig(filename=path)
