import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path


def paths(plugins):
    # ruleid: search-path-shared
    sys.path.insert(0, "/tmp/plugins")
    # ruleid: search-path-shared
    os.environ["PATH"] = ".:" + os.environ["PATH"]
    # ruleid: search-path-shared
    subprocess.run(["tool"], env={"LD_LIBRARY_PATH": "/tmp/lib"})
    # ruleid: search-path-working-folder
    sys.path.insert(0, os.getcwd())
    # ruleid: search-path-working-folder
    sys.path.append(".")
    # ok: search-path-shared, search-path-working-folder
    sys.path.insert(0, str(Path(__file__).parent / "plugins"))
    # ok: search-path-shared
    os.environ["PATH"] = "/usr/bin:/bin"
    # ok: search-path-working-folder
    sys.path.append("/usr/share/acme")
    # Trap: a list of one's own.
    # ok: search-path-shared, search-path-working-folder
    plugins.path.insert(0, "/tmp/plugins")
    # Trap: a variable that names no code.
    # ok: search-path-shared
    os.environ["TMPDIR"] = "/tmp"


def wrong_order(uid, gid):
    # ruleid: privileges-order
    os.setuid(uid)
    os.setgid(gid)


def right_order(uid, gid):
    os.setgroups([])
    # ok: privileges-order
    os.setgid(gid)
    os.setuid(uid)


def asked(uid):
    # Trap: it asks only.
    # ok: privileges-order
    if os.getuid() == 0:
        os.setuid(uid)


def open_jail(folder):
    # ruleid: chroot-without-chdir
    os.chroot(folder)


def jail(folder):
    # ok: chroot-without-chdir
    os.chroot(folder)
    os.chdir("/")


def jail_from_within(folder):
    os.chdir(folder)
    # ok: chroot-without-chdir
    os.chroot(folder)


def signals(pid, process):
    # ruleid: signal-by-variable
    os.kill(pid, signal.SIGTERM)
    # ok: signal-by-variable
    os.kill(os.getpid(), signal.SIGUSR1)
    # ok: signal-by-variable
    process.kill()


def extensions(path):
    connection = sqlite3.connect(path)
    # ruleid: native-extension
    connection.enable_load_extension(True)
    connection.load_extension("mod_spatialite")
    return connection


def closed_again(path):
    connection = sqlite3.connect(path)
    # ok: native-extension
    connection.enable_load_extension(True)
    connection.load_extension("mod_spatialite")
    # ok: native-extension
    connection.enable_load_extension(False)
    return connection
