"""Runs tests of the standard library, or a program, and writes down which of its functions called which.

    record.py OUT unittest PARTS NAME...   runs the tests NAME... (test.test_json, -k PATTERN)
    record.py OUT script FILE [ARG...]     runs a program

The tree is those PARTS (files and folders, by commas) of the standard library of the python that runs this, "." for all of it; or the
folder of the program. OUT becomes a JSON list of
[caller, line, callee, line of the callee's def, kind]: functions by the names of `wadjet debug callgraph`; the line is
where the caller stands in its call. kind is "generator" when what was called made a generator or coroutine: CPython
shows its first resumption instead, and the caller is who resumed it. A call by C code (sorted(key=f), a descriptor)
has the caller of that C code. Frames of no file of the tree (a dataclass's __init__, a doctest) stand for their callers.
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


class Recorder:
    def __init__(self, root, parts=(".",)):
        self.root = os.path.realpath(root) + os.sep
        self.parts = tuple(os.path.normpath(os.path.join(root, part)) for part in parts)
        self.codes = {}  # id: (code, is it of the tree, offset of a generator's start or None)
        self.calls = set()

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
        back = frame.f_back
        while back is not None:
            caller = self.codes.get(id(back.f_code)) or self.know(back.f_code)
            if caller[1]:
                self.calls.add((id(back.f_code), back.f_lineno, id(code)))
                return
            back = back.f_back

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
        for caller, line, callee in self.calls:
            code, _, start = self.codes[callee]
            if caller in known and callee in known and names.is_function(code):
                out.add((known[caller], line, known[callee], code.co_firstlineno, "generator" if start is not None else ""))
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
