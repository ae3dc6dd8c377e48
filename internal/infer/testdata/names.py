"""Names of code objects, as `wadjet debug callgraph` gives them: module.Class.method, module.outer.inner,
module.function.<lambda1>. Comprehensions have the name of the function that they are in."""

import ast
import inspect
import os
import types

COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


def module(path, root):
    rel = os.path.relpath(path, root)[: -len(".py")].replace(os.sep, ".")
    return rel.removesuffix(".__init__")


def is_function(code):
    """Says no of a module's code, a class's body and a comprehension: nobody calls them."""
    flags = inspect.CO_NEWLOCALS | inspect.CO_OPTIMIZED
    return code.co_name not in COMPREHENSIONS and code.co_flags & flags == flags


def lambdas(tree):
    """The names of lambdas by the place of their bodies: numbered within their scope, in source order."""
    found = {}

    def visit(nodes, scope):
        for node in nodes:
            number(node, scope)

    def outside(args):
        return [d for d in args.defaults + args.kw_defaults if d]

    def number(node, scope):
        if isinstance(node, ast.Lambda):
            scope[0] += 1
            at = node.body
            found[at.lineno, at.col_offset, at.end_lineno, at.end_col_offset] = f"<lambda{scope[0]}>"
            visit(outside(node.args), scope)
            number(node.body, [0])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            visit(node.decorator_list + outside(node.args), scope)
            visit(node.body, [0])
        elif isinstance(node, ast.ClassDef):
            visit(node.decorator_list + node.bases + node.keywords, scope)
            visit(node.body, [0])
        else:
            visit(ast.iter_child_nodes(node), scope)

    number(tree, [0])
    return found


def of(code, name, lambdas):
    """The names of a code object called name, and of all within it."""
    found = {code: name}
    for const in code.co_consts:
        if not isinstance(const, types.CodeType):
            continue
        inner = const.co_name
        if inner in COMPREHENSIONS:
            found.update(of(const, name, lambdas))
            continue
        if inner == "<lambda>":
            inner = lambda_name(const, lambdas)
        found.update(of(const, name + "." + inner, lambdas))
    return found


def lambda_name(code, lambdas):
    """The name of the innermost lambda whose body holds all of the code's places."""
    places = [p for p in code.co_positions() if None not in p and p[0] and (p[1], p[3]) > (p[0], p[2])]
    best = None
    for at, name in lambdas.items():
        if all(at[:2] <= (p[0], p[2]) and (p[1], p[3]) <= at[2:] for p in places):
            if best is None or at > best[0]:
                best = (at, name)
    return best[1] if best else "<lambda?>"
