import logging
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path


def freed(text):
    # ruleid: temporary-name-freed
    path = tempfile.NamedTemporaryFile(suffix=".csv").name
    # ruleid: temporary-name-freed
    folder = tempfile.TemporaryDirectory().name
    handle, name = tempfile.mkstemp()
    os.remove(name)
    # ruleid: temporary-name-freed
    os.mkfifo(name)
    # ok: temporary-name-freed
    kept = tempfile.NamedTemporaryFile(delete=False).name
    with tempfile.NamedTemporaryFile() as file:
        # ok: temporary-name-freed
        fill(file.name)
    return path, folder, handle, kept, text


def used_and_removed(data):
    handle, name = tempfile.mkstemp()
    # Trap: the file is there until it is removed.
    # ok: temporary-name-freed
    with open(name, "wb") as file:
        file.write(data)
    os.remove(name)
    os.close(handle)


def stores(name):
    # ruleid: temporary-store
    sqlite3.connect("/tmp/jobs.db")
    # ruleid: temporary-store
    logging.basicConfig(filename="/tmp/acme.log")
    # ruleid: temporary-store
    os.makedirs("/tmp/acme", exist_ok=True)
    # ruleid: temporary-store
    open(os.path.join(tempfile.gettempdir(), "acme.cache"), "w")
    # ok: temporary-store
    sqlite3.connect("/var/lib/acme/jobs.db")
    # ok: temporary-store
    os.makedirs("/tmp/acme")
    # Trap: the folder is one of its own.
    # ok: temporary-store
    open(os.path.join(tempfile.mkdtemp(), "acme.cache"), "w")


def checked(path, other):
    # ruleid: access-then-open
    if os.access(path, os.R_OK):
        with open(path) as file:
            return file.read()
    # ruleid: access-then-open
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write("")
    # ok: access-then-open
    if os.access(path, os.X_OK):
        return path
    # Near miss: another file is opened.
    # ok: access-then-open
    if not os.path.exists(path):
        with open(other, "w") as file:
            file.write("")
    # Trap: it has to be new.
    # ok: access-then-open
    if not os.path.exists(path):
        with open(path, "x") as file:
            file.write("")


def removed(path, other):
    # ruleid: exists-then-remove
    if os.path.exists(path):
        os.remove(path)
    # ruleid: exists-then-remove
    if os.path.isdir(path):
        shutil.rmtree(path)
    # ok: exists-then-remove
    Path(path).unlink(missing_ok=True)
    # Trap: another file is removed.
    # ok: exists-then-remove
    if os.path.exists(path):
        os.remove(other)


def given(home, uid, gid):
    for folder, _, files in os.walk(home):
        for name in files:
            # ruleid: ownership-follows-links
            os.chown(os.path.join(folder, name), uid, gid)
            # ok: ownership-follows-links
            os.chown(os.path.join(folder, name), uid, gid, follow_symlinks=False)
            # ok: ownership-follows-links
            os.lchown(os.path.join(folder, name), uid, gid)
    # Trap: one file that is named.
    # ok: ownership-follows-links
    os.chown(home, uid, gid)
