import os
import stat

ALL = 0o777


def modes(path, mine):
    # ruleid: open-permissions, wide-permissions
    os.chmod(path, 0o777)
    # ruleid: open-permissions, wide-permissions
    os.chmod(path, ALL)
    # ok: open-permissions
    # ruleid: wide-permissions
    os.chmod(path, 0o755)
    # ok: open-permissions, wide-permissions
    os.chmod(path, 0o600)
    # ok: open-permissions, wide-permissions
    os.chmod(path, mine)
