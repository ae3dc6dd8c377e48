def show(user, n, arrays):
    # ruleid: assert-used, assert-guard
    assert user.is_admin
    # ok: assert-guard
    # ruleid: assert-used
    assert arrays.can_view_memory(n)
    # ok: assert-guard
    # ruleid: assert-used
    assert n > 0, "n"
    # ok: assert-used, assert-guard
    if not user.is_admin:
        # ok: assert-used, assert-guard
        raise PermissionError
