"""Splits arithmetic into tokens."""
import re

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|(\w+)|(.))")


class Token:
    def __init__(self, kind, text):
        self.kind = kind
        self.text = text

    def is_op(self, *ops):
        return self.kind == "op" and self.text in ops

    def __repr__(self):
        return "%s(%s)" % (self.kind, self.text)


def tokens(text):
    for m in TOKEN.finditer(text):
        number, name, op = m.groups()
        if number:
            yield Token("number", number)
        elif name:
            yield Token("name", name)
        elif op:
            yield Token("op", op)
    yield Token("end", "")
