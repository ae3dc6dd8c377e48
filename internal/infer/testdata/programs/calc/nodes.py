"""The tree of an expression."""


class Node:
    def accept(self, visitor):
        method = getattr(visitor, "visit_" + self.__class__.__name__.lower(), visitor.generic)
        return method(self)

    def children(self):
        return []


class Number(Node):
    def __init__(self, value):
        self.value = value


class Name(Node):
    def __init__(self, id):
        self.id = id


class Binary(Node):
    def __init__(self, op, left, right):
        self.op, self.left, self.right = op, left, right

    def children(self):
        return [self.left, self.right]


class Call(Node):
    def __init__(self, func, args):
        self.func = func
        self.args = args

    def children(self):
        return list(self.args)
