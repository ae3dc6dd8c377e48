import os
import tempfile


def names(mine):
    # ruleid: mktemp
    a = tempfile.mktemp()
    # ruleid: mktemp
    b = os.tempnam("x")
    # ok: mktemp
    c = tempfile.mkstemp()
    # ok: mktemp
    d = mine.mktemp()
    # ruleid: temporary-path
    e = open("/tmp/out.txt", "w")
    # ok: temporary-path
    f = open("/tmpfs/out.txt")
    # ok: temporary-path
    g = "see /tmp for more"
    return a, b, c, d, e, f, g
