import hmac
# ruleid: pickle-import
import pickle
import marshal
# ruleid: pickle-import
import shelve
# ruleid: pickle-import
from pickle import loads as read

import joblib
import numpy
import pandas as pd


def load(data, path, stream, mine):
    # ruleid: pickle, pickle-copy
    a = pickle.loads(data)
    # ruleid: pickle, pickle-copy
    b = read(data)
    # ruleid: pickle, pickle-copy
    c = pickle.Unpickler(stream).load()
    # ruleid: pickle, pickle-copy
    d = pd.read_pickle(path)
    # ruleid: pickle, pickle-copy
    e = shelve.open(path)
    # ruleid: marshal
    f = marshal.loads(data)
    # ruleid: pickle, pickle-copy
    joblib.load(path)
    # ruleid: pickle, pickle-copy
    numpy.load(path, allow_pickle=True)
    # ok: pickle, pickle-copy
    numpy.load(path)
    # ok: pickle
    # ruleid: pickle-copy
    g = pickle.loads(pickle.dumps(data))
    # ok: pickle, pickle-copy
    h = mine.loads(data)
    # ok: pickle, pickle-copy
    i = pickle.dumps(data)
    return a, b, c, d, e, f, g, h, i


def signed(payload, key):
    signature, data = payload[:32], payload[32:]
    if not hmac.compare_digest(signature, hmac.new(key, data, "sha256").digest()):
        raise ValueError
    # ok: pickle
    # ruleid: pickle-copy
    return pickle.loads(data)


def other(data, mine):
    # ok: marshal
    marshal.dumps(data)
    # ok: marshal
    mine.loads(data)


# ok: pickle-import
import pickletools
# ok: pickle-import
from mine import shelve as shelf
