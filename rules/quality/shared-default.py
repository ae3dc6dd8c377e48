def check(user, tokens=[]):
    # ruleid: secret-in-shared-default
    tokens.append(user.token)
    return tokens


def remember(user, sessions={}):
    # ruleid: secret-in-shared-default
    sessions[user.name] = user.session
    return sessions


def given(user, tokens=None):
    tokens = [] if tokens is None else tokens
    # ok: secret-in-shared-default
    tokens.append(user.token)
    return tokens


def names(user, seen=[]):
    # ok: secret-in-shared-default
    seen.append(user.name)
    return seen


def read(user, tokens=[]):
    # ok: secret-in-shared-default
    return user.token in tokens
