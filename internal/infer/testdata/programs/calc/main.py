import math
import operator

from lexer import tokens
import nodes
from nodes import Binary, Call, Name, Number


class Parser:
    levels = [("+", "-"), ("*", "/")]

    def __init__(self, text):
        self.stream, self.token = tokens(text), None
        self.advance()

    def advance(self):
        self.token = next(self.stream, self.token)

    def parse(self):
        tree = self.level(0)
        if self.token.kind != "end":
            raise SyntaxError("unexpected %r" % self.token)
        return tree

    def level(self, n):
        if n == len(self.levels):
            return self.atom()
        left = self.level(n + 1)
        while self.token.is_op(*self.levels[n]):
            op = self.token.text
            self.advance()
            left = Binary(op, left, self.level(n + 1))
        return left

    def atom(self):
        token = self.token
        self.advance()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "name":
            if self.token.is_op("("):
                return self.call(token.text)
            return Name(token.text)
        if token.is_op("("):
            tree = self.level(0)
            self.expect(")")
            return tree
        raise SyntaxError(repr(token))

    def call(self, name):
        self.advance()
        args = []
        while not self.token.is_op(")"):
            args.append(self.level(0))
            if self.token.is_op(","):
                self.advance()
        self.expect(")")
        return Call(name, args)

    def expect(self, op):
        if not self.token.is_op(op):
            raise SyntaxError("want " + op)
        self.advance()


class Visitor:
    def generic(self, node):
        for child in node.children():
            child.accept(self)


class Evaluator(Visitor):
    ops = {"+": operator.add, "-": operator.sub, "*": operator.mul}

    def __init__(self, **names):
        self.names = names
        self.ops = dict(self.ops)
        self.ops["/"] = self.divide
        self.functions = {"sqrt": math.sqrt, "double": double, "max": max}

    def divide(self, a, b):
        return a / b if b else self.on_zero()

    def on_zero(self):
        return float("nan")

    def visit_number(self, node):
        return node.value

    def visit_name(self, node):
        return self.names[node.id]

    def visit_binary(self, node):
        return self.ops[node.op](node.left.accept(self), node.right.accept(self))

    def visit_call(self, node):
        return self.functions[node.func](*[a.accept(self) for a in node.args])


class Names(Visitor):
    def __init__(self):
        self.found = set()

    def visit_name(self, node):
        self.found.add(node.id)


def double(x):
    return 2 * x


def names_of(tree):
    v = Names()
    tree.accept(v)
    return sorted(v.found)


def main():
    for text in ["1 + 2 * 3", "double(x) / (y - 2)", "sqrt(16) + max(1, x)"]:
        tree = Parser(text).parse()
        assert isinstance(tree, nodes.Node)
        print(text, "=", Evaluator(x=4.0, y=2.0).visit_binary(tree), names_of(tree))
    try:
        Parser("1 +").parse()
    except SyntaxError as e:
        print("error", e)


if __name__ == "__main__":
    main()
