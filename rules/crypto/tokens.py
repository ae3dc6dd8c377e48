import hashlib
import os
from itertools import cycle

import jwt

KEY = "hunter2-forever"
PUBLIC = "-----BEGIN PUBLIC KEY-----\nMIIB"


def tokens(user, key):
    # ruleid: token-signed-by-constant
    jwt.encode({"sub": user}, KEY, algorithm="HS256")
    # ruleid: token-signed-by-constant
    jwt.encode({"sub": user}, key="s3-not-secret", algorithm="HS256")
    # ok: token-signed-by-constant
    jwt.encode({"sub": user}, os.environ["JWT_KEY"], algorithm="HS256")
    # ok: token-signed-by-constant
    jwt.encode({"sub": user}, key, algorithm="HS256")
    # ok: token-signed-by-constant
    jwt.encode({"sub": user}, "changeme", algorithm="HS256")
    # ruleid: token-unsigned
    jwt.encode({"sub": user}, None, algorithm="none")
    # ok: token-unsigned
    jwt.encode({"sub": user}, key, algorithm="EdDSA")
    # ok: token-unsigned
    return jwt.encode({"sub": "none"}, key)


def passwords(account, text, salt):
    # ruleid: password-hash-fast
    password_hash = hashlib.sha512(text).hexdigest()
    # ruleid: password-hash-fast
    account.hashed_password = hashlib.sha256(salt + text).digest()
    # ok: password-hash-fast
    password_file_hash = hashlib.sha256(text).hexdigest()
    # ok: password-hash-fast
    account.password_hash = hashlib.scrypt(text, salt=salt, n=2**14, r=8, p=1)
    # ok: password-hash-fast
    etag = hashlib.sha256(text).hexdigest()
    return password_hash, password_file_hash, etag


def xor_encrypt(data, key):
    # ruleid: xor-generator
    return bytes(a ^ b for a, b in zip(data, cycle(key)))


def difference(data, other):
    # ok: xor-generator
    return bytes(a ^ b for a, b in zip(data, other))


def encrypt_twice(data, other):
    # ok: xor-generator
    return bytes(a | b for a, b in zip(data, other))
