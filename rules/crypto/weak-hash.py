import crypt
import hashlib
from hashlib import sha1 as digest

from Crypto.Hash import MD5
from passlib.hash import md5_crypt

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
    # ruleid: crypt-weak
    md5_crypt.hash(password)
    # ruleid: weak-hash
    hashlib.file_digest(data, "md5")
    # ok: weak-hash
    hashlib.file_digest(data, "sha256")
    # ok: crypt-weak
    n = crypt.crypt(password, crypt.METHOD_SHA512)
    return a, b, c, d, e, f, g, h, i, j, k, m, n


def names(data, path):
    # Trap: digests by which a copy is found again.
    # ok: weak-hash
    etag = hashlib.md5(data).hexdigest()
    # ok: weak-hash
    short = "img-" + hashlib.sha1(path).hexdigest()[:8]
    # ruleid: weak-hash
    signature = hashlib.md5(data).hexdigest()
    return etag, short, signature


def cache_key(path):
    # ok: weak-hash
    return "page." + hashlib.sha1(path).hexdigest()


def other_crypt(password, mine):
    # ok: crypt-weak
    mine.crypt(password, crypt.METHOD_MD5)
