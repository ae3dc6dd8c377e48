import re
from re import match as fits

from django.core.validators import RegexValidator
from django.urls import re_path
from wtforms.validators import Regexp

WORDS = r"^(\w+\s?)*$"


def nested(name):
    # ruleid: regex-exponential
    re.match(r"^(a+)+$", name)
    # ruleid: regex-exponential
    re.search(WORDS, name)
    # ruleid: regex-exponential
    fits(r"(?:\d+|[0-9a-f]+)+;", name)
    # ruleid: regex-exponential
    re.compile(r"^(?:.|\s)*x$")
    # ruleid: regex-exponential
    re.compile(r"""
        ^ ( [a-z]+ -? )+ $   # words
    """, re.VERBOSE)
    # ruleid: regex-exponential
    re.sub(pattern=r"([^\"\\]|\\.|[^\"])*\"", repl="", string=name)
    # ruleid: regex-exponential
    re.fullmatch(r"(a+)+", name)


def harmless(name, pattern):
    # ok: regex-exponential
    re.match(r"(a+)+", name)
    # ok: regex-exponential
    re.match(r"^\w+(?:\s\w+)*\s?$", name)
    # ok: regex-exponential
    re.match(pattern, name)
    # ok: regex-exponential, regex-polynomial
    re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$")
    # ok: regex-exponential
    re.compile(r"^(?:\s|\S)*x$")
    # ok: regex-exponential
    re.escape("(a+)+$")
    # ok: regex-exponential
    re.compile(r"(")


class Reader:
    def match(self, pattern, text):
        return text.startswith(pattern)

    def read(self, text):
        # ok: regex-exponential
        return self.match(r"^(a+)+$", text)


# ruleid: regex-validator-exponential
RegexValidator(r"^([a-z]+[-_]?)+$")
# ruleid: regex-validator-exponential
re_path(r"^(?:[\w-]+/?)+/edit$", nested)
# ruleid: regex-validator-exponential
Regexp(regex=r"^([a-z]+)*$")
# ok: regex-validator-exponential
Regexp(r"^([a-z]+)*")
# ok: regex-validator-exponential
RegexValidator(r"^[a-z]+(?:[-_][a-z]+)*\Z")
# ok: regex-validator-exponential
re_path(r"^(?P<slug>[\w-]+)/$", nested)


def long(line):
    # ruleid: regex-polynomial
    re.match(r"^\d+\.?\d+$", line)
    # ruleid: regex-polynomial
    re.fullmatch(r"\s*(\w+)\s*(.*?)\s*", line)
    # ok: regex-polynomial
    re.match(r"^\d+(?:\.\d+)?$", line)
    # ok: regex-polynomial
    re.match(r"\s+$", line)
    # ok: regex-polynomial
    re.search(r"\s+$", line)


# ruleid: regex-polynomial
RegexValidator(r"^[a-z]+[a-z0-9]*@")
