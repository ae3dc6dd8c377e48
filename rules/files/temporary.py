import os
import pathlib
import tempfile
import uuid


def names(mine):
    # ruleid: mktemp
    a = tempfile.mktemp()
    # ruleid: mktemp
    b = os.tempnam("x")
    # ok: mktemp
    c = tempfile.mkstemp()
    # ok: mktemp
    d = mine.mktemp()
    # ruleid: temporary-file-name, temporary-path
    e = open("/tmp/out.txt", "w")
    # ruleid: temporary-file-name, temporary-path
    open(f"/tmp/{mine}.log", "a")
    # ruleid: temporary-path
    path = "/var/tmp/app.pid"
    # ruleid: temporary-file-name
    pathlib.Path(path).write_text("1")
    # Near miss: only read; must be new.
    # ok: temporary-file-name
    # ruleid: temporary-path
    open("/tmp/in.txt")
    # ok: temporary-file-name
    # ruleid: temporary-path
    open("/tmp/out.txt", "xb")
    # Trap: nobody guesses this.
    # ok: temporary-file-name
    # ruleid: temporary-path
    open(f"/tmp/{uuid.uuid4()}", "w")
    # ok: temporary-file-name
    open("/tmpfiles/out.txt", "w")
    # ok: temporary-path
    f = open("/tmpfs/out.txt")
    # ok: temporary-path
    g = "see /tmp for more"
    return a, b, c, d, e, f, g
