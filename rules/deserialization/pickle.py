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


class Store:
    def save(self, file):
        pickle.dump(self.state, file)

    def restore(self, file):
        # What the class wrote itself.
        # ok: pickle
        # ruleid: pickle-copy
        self.state = pickle.load(file)

    def receive(self, data):
        # Trap: bytes come from anywhere.
        # ruleid: pickle, pickle-copy
        self.state = pickle.loads(data)


class Reader:
    def restore(self, file):
        # ruleid: pickle, pickle-copy
        self.state = pickle.load(file)


def computed(path):
    try:
        with open(path, "rb") as file:
            # ok: pickle
            # ruleid: pickle-copy
            return pickle.load(file)
    except OSError:
        value = expensive()
    with open(path, "wb") as file:
        pickle.dump(value, file)
    return value


def given(path, from_parent, sock):
    # ok: pickle
    # ruleid: pickle-copy
    a = pickle.load(open("model.pkl", "rb"))
    # ruleid: pickle, pickle-copy
    b = pickle.load(open(path, "rb"))
    # ok: pickle
    # ruleid: pickle-copy
    c = pickle.load(from_parent)
    # ruleid: pickle, pickle-copy
    d = pickle.load(sock.makefile())
    return a, b, c, d


def load_bytecode(file):
    # Compiled code, which is what marshal is for.
    # ok: marshal
    return marshal.load(file)


def module(data):
    # ok: marshal
    return marshal.loads(data[16:])


def settings(file):
    # ruleid: marshal
    return marshal.load(file)


def cookie(text, key, mine):
    signature, message = text.split("?")
    if mine.same(signature, hmac.new(key, message, "sha256").hexdigest()):
        # The signature is compared by a function of one's own.
        # ok: pickle
        # ruleid: pickle-copy
        return pickle.loads(message)
    return None


def restricted(stream, choose):
    # ok: pickle
    # ruleid: pickle-copy
    reader = pickle.Unpickler(stream)
    reader.find_global = choose
    return reader.load()
