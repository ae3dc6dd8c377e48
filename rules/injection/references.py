import ast


def f(convert, text, items):
    # ruleid: code-function-handed-on
    convert(text, eval)
    # ok: code-function-handed-on
    convert(text, ast.literal_eval)
    # ok: code-function-handed-on
    eval(text)
    # ruleid: code-function-handed-on
    run = exec


def g(eval, text):
    # ok: code-function-handed-on
    return text, eval
