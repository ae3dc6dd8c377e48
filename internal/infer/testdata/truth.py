"""Runs small programs and says what happened: who called whom, and of which type names were.

Standard input: a JSON list of {"dir": folder of a program, "watch": [[file, line, expression], ...]}. Each program
is main.py of its folder, run in a process of its own. Standard output: one JSON line for each program:

    {"error": what ended it, or null,
     "edges": [[caller, callee, line]],         functions of the folder
     "outside": [[caller, name, line]],         callables from elsewhere, where an expression of the folder calls them
     "types": {"file:line:expression": [...]},  of what was watched, after its line ran
     "returns": {function: [...]}, "params": {"function:parameter": [...]}}

Functions are named as `wadjet debug callgraph` names them. A caller is the nearest frame of the folder up the stack, so
a function that a library calls back is called by who called the library; "?" when no frame of the folder
is there (a thread). Comprehensions belong to their function; modules and class bodies are called by nobody. Calling a
generator or coroutine function is an edge, resuming what it made is none: CPython shows only the resumption, so the
calls of expressions are rewritten to note what they call.
"""

import ast
import asyncio  # noqa: F401  with what it imports: the programs are forked off, and find it loaded
import builtins
import dataclasses  # noqa: F401
import dis
import importlib.machinery
import importlib.util
import inspect
import json
import os
import signal
import sys
import threading
import types

import names

GENERATORS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
YIELDS = {dis.opmap["YIELD_VALUE"], dis.opmap.get("SEND")}
LITERALS = {str: "PyStr", list: "PyList", dict: "PyDict", int: "PyNum", float: "PyNum", set: "PySet", tuple: "PyTuple", bytes: "PyBytes"}


class Rewrite(ast.NodeTransformer):
    """Turns f(x) into __noted__(f)(x)."""

    def visit_Call(self, node):
        self.generic_visit(node)
        noted = ast.copy_location(ast.Name("__noted__", ast.Load()), node.func)
        node.func = ast.copy_location(ast.Call(noted, [node.func], []), node.func)
        return node


class Run:
    def __init__(self, root, watch):
        self.root = os.path.realpath(root)
        self.names = {}  # code object: its name
        self.edges, self.outside = set(), set()
        self.types, self.returns, self.params = {}, {}, {}
        self.made = set()  # generator functions that an expression called
        self.pending = []  # first resumptions of generators: (caller, code, line)
        self.seen = set()  # frames of generators that have run before
        self.raised = set()
        self.last = {}  # frame: the line that it is on
        self.watch = {}
        for file, line, expression in watch:
            self.watch.setdefault((file, line), []).append(expression)

    def load(self, path):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        tree = ast.parse(text, path)
        lambdas = names.lambdas(tree)
        code = compile(ast.fix_missing_locations(Rewrite().visit(tree)), path, "exec", dont_inherit=True)
        self.names.update(names.of(code, names.module(path, self.root), lambdas))
        return code

    def is_callee(self, code):
        return code in self.names and names.is_function(code)

    def caller(self, frame):
        while frame and frame.f_code not in self.names:
            frame = frame.f_back
        if not frame:
            return "?", 0
        return self.names[frame.f_code], frame.f_lineno

    def noted(self, function):
        """Called with each callee of an expression, before the call."""
        frame = sys._getframe(1)
        caller, line = self.names.get(frame.f_code, "?"), frame.f_lineno
        target = function
        while hasattr(target, "func") and hasattr(target, "keywords"):
            target = target.func  # functools.partial
        target = getattr(target, "__func__", target)
        code = getattr(target, "__code__", None)
        if code in self.names:
            if code.co_flags & GENERATORS:
                self.made.add(code)
                self.edges.add((caller, self.names[code], line))
        elif name := self.outside_name(function):
            self.outside.add((caller, name, line))
        return function

    def outside_name(self, function):
        owner = getattr(function, "__self__", None)
        name = getattr(function, "__qualname__", "") or getattr(function, "__name__", "")
        module = getattr(function, "__module__", None)
        if isinstance(function, type) and self.of_folder(module):
            return ""
        if owner is not None and type(owner) in LITERALS:
            return f"<**{LITERALS[type(owner)]}**>.{function.__name__}"
        if module is None and owner is not None and not isinstance(owner, types.ModuleType):
            cls = owner if isinstance(owner, type) else type(owner)
            return f"{cls.__module__}.{cls.__qualname__}.{function.__name__}"
        if module == "builtins":
            return "<builtin>." + name
        return f"{module}.{name}" if module and name else ""

    def of_folder(self, module):
        file = getattr(sys.modules.get(module), "__file__", None) or ""
        return os.path.realpath(file).startswith(self.root + os.sep)

    def type_of(self, value, frame):
        if value is None:
            return "Nonetype"
        if isinstance(value, type):
            return "type"
        if isinstance(value, types.ModuleType):
            return "module"
        if isinstance(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType, types.MethodWrapperType, types.WrapperDescriptorType)):
            return "callable"
        cls = type(value)
        name = cls.__qualname__.replace("<locals>.", "")
        module = {"__main__": "main", "_io": "io"}.get(cls.__module__, cls.__module__)
        return name if module in ("builtins", names.module(frame.f_code.co_filename, self.root)) else f"{module}.{name}"

    def look(self, frame):
        """Notes the types of what is watched on the line that the frame has just run."""
        line = self.last.get(frame)
        if line is None:
            return
        file = os.path.relpath(frame.f_code.co_filename, self.root)
        for expression in self.watch.get((file, line), ()):
            try:
                value = eval(expression, frame.f_globals, frame.f_locals)
            except Exception:
                continue
            self.types.setdefault(f"{file}:{line}:{expression}", set()).add(self.type_of(value, frame))

    def trace(self, frame, event, arg):
        code = frame.f_code
        if code not in self.names:
            return None
        if event == "call":
            if self.is_callee(code):
                self.called(frame, code)
            return self.trace
        if event == "line":
            self.look(frame)
            self.last[frame] = frame.f_lineno
            self.raised.discard(frame)
        elif event == "exception":
            self.raised.add(frame)
        elif event == "return":
            if code.co_code[frame.f_lasti] not in YIELDS:
                self.look(frame)
                self.last.pop(frame, None)
            if self.is_callee(code) and (frame not in self.raised or arg is not None):
                if code.co_flags & GENERATORS:
                    kind = "generator" if code.co_flags & inspect.CO_GENERATOR else "coroutine" if code.co_flags & inspect.CO_COROUTINE else "async_generator"
                else:
                    kind = self.type_of(arg, frame)
                self.returns.setdefault(self.names[code], set()).add(kind)
        return self.trace

    def called(self, frame, code):
        caller, line = self.caller(frame.f_back)
        if code.co_flags & GENERATORS:
            if frame in self.seen:
                return
            self.seen.add(frame)
            self.pending.append((caller, code, line))
        else:
            self.edges.add((caller, self.names[code], line))
        count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
        for parameter in code.co_varnames[:count]:
            if parameter in frame.f_locals:
                self.params.setdefault(f"{self.names[code]}:{parameter}", set()).add(self.type_of(frame.f_locals[parameter], frame))

    def find_spec(self, fullname, path=None, target=None):
        """A finder for sys.meta_path that reads the folder's modules."""
        for base in path if path is not None else [self.root]:
            stem = os.path.join(base, fullname.rpartition(".")[2])
            for file, package in ((os.path.join(stem, "__init__.py"), True), (stem + ".py", False)):
                if os.path.realpath(file).startswith(self.root + os.sep) and os.path.isfile(file):
                    loader = Loader(self, fullname, file)
                    return importlib.util.spec_from_file_location(fullname, file, loader=loader, submodule_search_locations=[stem] if package else None)
        return None

    def main(self):
        sys.meta_path.insert(0, self)
        sys.path.insert(0, self.root)
        builtins.__noted__ = self.noted
        module = types.ModuleType("__main__")
        path = os.path.join(self.root, "main.py")
        module.__file__ = path
        sys.modules["__main__"] = module
        sys.argv = ["main.py"]
        code = self.load(path)
        threading.settrace(self.trace)
        sys.settrace(self.trace)
        error = None
        try:
            exec(code, module.__dict__)
        except BaseException as e:
            error = f"{type(e).__name__}: {e}"
        import atexit

        for t in threading.enumerate():
            if t is not threading.current_thread() and not t.daemon:
                t.join(5)
        atexit._run_exitfuncs()
        sys.settrace(None)
        for caller, code, line in self.pending:
            if code not in self.made:
                self.edges.add((caller, self.names[code], line))
        return {
            "error": error,
            "edges": sorted(self.edges),
            "outside": sorted(self.outside),
            "types": {k: sorted(v) for k, v in self.types.items()},
            "returns": {k: sorted(v) for k, v in self.returns.items()},
            "params": {k: sorted(v) for k, v in self.params.items()},
        }


class Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, run, name, path):
        super().__init__(name, path)
        self.run = run

    def get_code(self, fullname):
        return self.run.load(self.path)


def main():
    for case in json.load(sys.stdin):
        r, w = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(r)
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            signal.alarm(20)  # a program that hangs
            with os.fdopen(w, "w") as out:
                json.dump(Run(case["dir"], case["watch"]).main(), out)
                out.flush()
                os._exit(0)
        os.close(w)
        with os.fdopen(r) as f:
            text = f.read()
        os.waitpid(pid, 0)
        print(text or json.dumps({"error": "it ended without a result: it hung, or it ended the process"}))


if __name__ == "__main__":
    main()
