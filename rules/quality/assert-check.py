import hmac
import subprocess

import bcrypt


def verified(user, password, signature, expected, stored):
    # ruleid: assert-verification
    assert hmac.compare_digest(signature, expected)
    # ruleid: assert-verification
    assert bcrypt.checkpw(password, stored), "wrong"
    # ruleid: assert-verification
    assert user.check_password(password)
    # ok: assert-verification
    if not hmac.compare_digest(signature, expected):
        raise PermissionError
    # ok: assert-verification
    assert user is not None
    # Trap: a name that only says so.
    # ok: assert-verification
    assert user.has_password


def done(command, lock, stack):
    # ruleid: assert-does-work
    assert subprocess.call(command) == 0
    # ruleid: assert-does-work
    assert lock.acquire(timeout=1), "busy"
    # ruleid: assert-does-work
    assert stack.pop() == "end"
    # ok: assert-does-work
    assert command
    # ok: assert-does-work
    subprocess.check_call(command)
    # Trap: it only looks.
    # ok: assert-does-work
    assert lock.locked() and stack[-1] == "end"
