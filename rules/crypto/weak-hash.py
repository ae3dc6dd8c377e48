import crypt
import hashlib
from hashlib import sha1 as digest

from Crypto.Hash import MD5
from cryptography.hazmat.primitives import hashes
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


def more(data, url, cover_path, certificate, secret_url, password):
    # Names of names.
    # ok: weak-hash
    folder = hashlib.sha1(url.encode()).hexdigest()
    # ok: weak-hash
    thumbs = hashlib.md5(cover_path).hexdigest()
    # ok: weak-hash
    size = hashlib.sha1().digest_size
    # ok: weak-hash
    tail = hashlib.md5(data).hexdigest()[-10:]
    # ok: weak-hash
    shown = certificate.fingerprint(hashes.SHA1())
    # ok: weak-hash
    table = {"md5": hashes.MD5(), "sha1": hashes.SHA1(), "sha256": hashes.SHA256()}
    # ok: weak-hash
    file_name = hashlib.md5(data).hexdigest() + ".png"
    # Trap: a path that is a secret, a password, a signature, an algorithm that was chosen.
    # ruleid: weak-hash
    a = hashlib.sha1(secret_url.encode())
    # ruleid: weak-hash
    b = hashlib.md5(password.encode())
    # ruleid: weak-hash
    c = hashes.Hash(hashes.SHA1())
    # ruleid: weak-hash
    filed = hashlib.md5(data)
    return folder, thumbs, size, tail, shown, table, file_name, a, b, c, filed


try:
    # Tried only.
    # ok: weak-hash
    hashlib.md5()
except ValueError:
    md5 = None


def md5_hex(text):
    # ok: weak-hash
    return hashlib.md5(text).hexdigest()


def md5_password(text):
    # ruleid: weak-hash
    return hashlib.md5(text).hexdigest()


class DigestAuth:
    def answer(self, data):
        # ok: weak-hash
        return hashlib.md5(data).hexdigest()


class Signer:
    def sign(self, data):
        # ruleid: weak-hash
        return hashlib.md5(data).hexdigest()


def job_id(data):
    # ok: weak-hash
    return hashlib.sha1(data).hexdigest()


def is_valid(data, unique_key, lookup):
    # Trap: the end of a word is no word.
    # ruleid: weak-hash
    lookup.valid = hashlib.sha1(data).hexdigest() == lookup.wanted
    # ok: weak-hash
    unique_key = hashlib.sha1(data).hexdigest()
    # ruleid: weak-hash
    key = hashlib.sha1(data).digest()
    return lookup, unique_key, key


def naming(node_name, password):
    # ok: weak-hash
    m = hashlib.md5()
    m.update(node_name.encode("utf-8"))
    # ruleid: weak-hash
    n = hashlib.md5()
    n.update(password.encode("utf-8"))
    return m, n
