import os
import pathlib
import stat
import subprocess

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
    # ruleid: open-permissions
    pathlib.Path(path).chmod(0o666)
    # ruleid: open-permissions, wide-permissions
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    # ok: open-permissions
    os.chmod(path, mine & ~stat.S_IWOTH)
    # ok: open-permissions
    pathlib.Path(path).chmod(0o644)


def masks():
    # ruleid: umask-open
    os.umask(0)
    # ruleid: umask-open
    subprocess.run(["acme-worker"], umask=0)
    # ok: umask-open
    os.umask(0o022)
    # ok: umask-open
    subprocess.run(["acme-worker"], umask=0o077)


def mask_of_the_process():
    # Trap: the only way to ask for it is to set it.
    # ok: umask-open
    old = os.umask(0)
    # ok: umask-open
    os.umask(old)
    return old
