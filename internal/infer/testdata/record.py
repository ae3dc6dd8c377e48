"""Runs tests of the standard library, or a program, and writes down which of its functions called which.

    record.py OUT unittest PARTS NAME...   runs the tests NAME... (test.test_json, -k PATTERN)
    record.py OUT script FILE [ARG...]     runs a program

The tree is those PARTS (files and folders, by commas) of the standard library of the python that runs this, "." for all of it; or the
folder of the program. OUT becomes a JSON list of
[caller, line, callee, line of the callee's def, kind]: functions by the names of `wadjet debug callgraph`; the line is
where the caller stands in its call. kind is "generator" when what was called made a generator or coroutine: CPython
shows its first resumption instead, and the caller is who resumed it. It is "finalizer" when the instruction that the frame below is at
can call nothing but what runs as the last reference to an object goes, "outside" when code out of the tree calls something
of the tree that it imports itself, or a method of an object of a class of its own; an edge that happened otherwise too is neither. A call
by C code (sorted(key=f), a descriptor) has the caller of that C code. Frames of no file of the tree (a dataclass's
__init__, a doctest) stand for their callers.
"""

import ast
import dis
import inspect
import json
import os
import sys
import sysconfig
import threading

import names

GENERATORS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
# Instructions that drop a reference, and call nothing else.
DROPS = {dis.opmap[name] for name in ("POP_TOP", "STORE_FAST", "DELETE_FAST", "STORE_DEREF", "STORE_GLOBAL", "RETURN_VALUE", "POP_EXCEPT", "RERAISE")
         if name in dis.opmap}


class Recorder:
    def __init__(self, root, parts=(".",)):
        self.root = os.path.realpath(root) + os.sep
        self.parts = tuple(os.path.normpath(os.path.join(root, part)) for part in parts)
        self.codes = {}  # id: (code, is it of the tree, offset of a generator's start or None)
        self.calls = {}  # edge: how, the plainest

    def know(self, code):
        file = code.co_filename
        inside = file.startswith(self.parts) and "site-packages" not in file
        start = None
        if code.co_flags & GENERATORS:
            start = next(i.offset for i in dis.get_instructions(code) if i.opname == "RESUME" and i.arg == 0)
        entry = self.codes[id(code)] = (code, inside, start)
        return entry

    def profile(self, frame, event, arg):
        if event != "call":
            return
        code = frame.f_code
        entry = self.codes.get(id(code)) or self.know(code)
        if not entry[1] or entry[2] is not None and frame.f_lasti != entry[2]:
            return
        back = below = frame.f_back
        while back is not None:
            caller = self.codes.get(id(back.f_code)) or self.know(back.f_code)
            if caller[1]:
                edge = (id(back.f_code), back.f_lineno, id(code))
                if self.calls.get(edge) != "":
                    self.calls[edge] = self.how(frame, below, below is back)
                return
            back = back.f_back

    def how(self, frame, below, inside):
        if below.f_lasti >= 0 and below.f_code.co_code[below.f_lasti] in DROPS:
            return "finalizer"
        if inside:
            return ""
        code = frame.f_code
        if code.co_argcount and isinstance(below.f_code.co_filename, str) and os.path.exists(below.f_code.co_filename):
            first = frame.f_locals.get(code.co_varnames[0])
            owner = first if isinstance(first, type) else type(first)
            if code.co_varnames[0] in ("self", "cls", "mcls", "metacls") and self.outside(owner.__module__):
                return "outside"
        for value in below.f_globals.values():
            if inspect.ismodule(value):
                value = getattr(value, code.co_name, None)
            if getattr(value, "__code__", None) is code:
                return "outside"
        return ""

    def outside(self, module):
        file = getattr(sys.modules.get(module), "__file__", None)
        return bool(file) and not file.startswith(self.parts)

    def result(self):
        files = {}
        for code, inside, _ in self.codes.values():
            if inside:
                files.setdefault(code.co_filename, []).append(code)
        known = {}
        for file, codes in files.items():
            with open(file, "rb") as f:
                text = f.read()
            named = names.of(compile(text, file, "exec", dont_inherit=True), names.module(file, self.root), names.lambdas(ast.parse(text)))
            for code in codes:
                if code in named:
                    known[id(code)] = named[code]
        out = set()
        for (caller, line, callee), how in self.calls.items():
            code, _, start = self.codes[callee]
            if caller in known and callee in known and names.is_function(code):
                out.add((known[caller], line, known[callee], code.co_firstlineno, "generator" if start is not None else how))
        return sorted(out)


def main():
    out, how, *args = sys.argv[1:]
    parts = ["."]
    if how == "unittest":
        parts, args = args[0].split(","), args[1:]
        root = sysconfig.get_path("stdlib")
        import unittest
        from test import support

        support.use_resources = []

        def run():
            unittest.main(module=None, argv=["unittest", *args], exit=False)
    else:
        path = os.path.abspath(args[0])
        root = os.path.dirname(path)
        sys.path[0] = root
        sys.argv = args
        with open(path, encoding="utf-8") as f:
            code = compile(f.read(), path, "exec", dont_inherit=True)

        def run():
            exec(code, {"__name__": "__main__", "__file__": path})

    recorder = Recorder(root, parts)
    threading.setprofile(recorder.profile)
    sys.setprofile(recorder.profile)
    try:
        run()
    except SystemExit:
        pass
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    edges = recorder.result()
    with open(out, "w", encoding="utf-8") as f:
        json.dump(edges, f, indent=0)
    print(len(edges), "calls", file=sys.stderr)
    sys.stderr.flush()
    os._exit(0)  # threads that tests left behind


if __name__ == "__main__":
    main()
