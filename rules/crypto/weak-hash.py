import crypt
import hashlib
from hashlib import sha1 as digest

from Crypto.Hash import MD5

NAME = "md5"


def sums(data, hashlike, password, salt):
    # ruleid: weak-hash
    a = hashlib.md5(data).hexdigest()
    # ruleid: weak-hash
    b = digest(data)
    # ruleid: weak-hash
    c = hashlib.new("sha1", data)
    # ruleid: weak-hash
    d = hashlib.new(NAME, data)
    # ruleid: weak-hash
    e = MD5.new(data)
    # ruleid: weak-hash
    f = hashlib.sha1(data, usedforsecurity=True)
    # ok: weak-hash
    g = hashlib.md5(data, usedforsecurity=False)
    # ok: weak-hash
    h = hashlib.new("md5", data, usedforsecurity=False)
    # ok: weak-hash
    i = hashlib.sha256(data)
    # ok: weak-hash
    j = hashlib.new("sha256", data)
    # ok: weak-hash
    k = hashlike.md5(data)
    # ruleid: crypt-weak
    m = crypt.crypt(password, crypt.METHOD_MD5)
    # ok: crypt-weak
    n = crypt.crypt(password, crypt.METHOD_SHA512)
    return a, b, c, d, e, f, g, h, i, j, k, m, n


def other_crypt(password, mine):
    # ok: crypt-weak
    mine.crypt(password, crypt.METHOD_MD5)
