import pdb

import debugpy


# ruleid: secret-in-default
def get(url, token, headers={}):
    headers["Authorization"] = token
    return send(url, headers)


# ruleid: secret-in-default
def render(user, context={}):
    if user:
        context["user"] = user
    return context


# ok: secret-in-default
def get_fresh(url, token, headers=None):
    headers = dict(headers or {})
    headers["Authorization"] = token
    return send(url, headers)


# ok: secret-in-default
def count(words, seen={}):
    seen["total"] = len(words)
    return seen


# ok: secret-in-default
def read(url, headers={}):
    return headers["Authorization"]


def handle(state, breakpoints):
    # ruleid: debugger-left
    pdb.set_trace()
    # ruleid: debugger-left
    breakpoint()
    # ruleid: debugger-left
    debugpy.listen(5678)
    # ok: debugger-left
    state.set_trace()
    # ok: debugger-left
    breakpoints(state)
    # ok: debugger-left
    print("breakpoint()")
