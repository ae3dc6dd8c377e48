#!/usr/bin/env python3
"""Regular expressions of real programs, one JSON string a line: harvest-regex.py FOLDER [COUNT].

What stands as a plain string in the first argument of a function of re is taken, sorted, each once; of more than COUNT
every so-manieth. TestRedosHarvest reads the file that WADJET_REGEX names.
"""
import ast
import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")
FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
found = set()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, OSError):
        continue
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in FUNCTIONS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            found.add(node.args[0].value)
expressions = sorted(found)
count = int(sys.argv[2]) if len(sys.argv) > 2 else len(expressions)
step = max(1, len(expressions) // count)
for expression in expressions[::step][:count]:
    print(json.dumps(expression))
