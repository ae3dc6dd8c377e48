import crypt
import hashlib
import os
import zlib

import argon2
import bcrypt
from Crypto.Protocol.KDF import PBKDF2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.contrib.auth.hashers import make_password
from passlib.context import CryptContext
from passlib.hash import hex_sha256, pbkdf2_sha256, sha512_crypt
from werkzeug.security import generate_password_hash

PEPPER = b"pepper"


def salts(password, stored):
    # ruleid: constant-salt
    hashlib.pbkdf2_hmac("sha256", password, b"pepper", 600_000)
    # ruleid: constant-salt
    hashlib.scrypt(password, salt=PEPPER, n=2**17, r=8, p=1)
    # ruleid: constant-salt
    PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=b"", iterations=600_000)
    # ruleid: constant-salt
    make_password(password, salt="users")
    # ruleid: constant-salt
    crypt.crypt(password, "ab")
    # ok: constant-salt
    hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600_000)
    # ok: constant-salt
    crypt.crypt(password, stored)
    # ok: constant-salt
    bcrypt.hashpw(password, bcrypt.gensalt())
    # Trap: the password is constant, the salt is not.
    # ok: constant-salt
    hashlib.pbkdf2_hmac("sha256", b"password", stored, 600_000)


def rounds(password, salt):
    # ruleid: cheap-password-hash
    hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
    # ruleid: cheap-password-hash
    PBKDF2HMAC(hashes.SHA256(), 32, salt, iterations=4096)
    # ruleid: cheap-password-hash
    PBKDF2(password, salt, 32)
    # ruleid: cheap-password-hash
    hashlib.scrypt(password, salt=salt, n=1024, r=8, p=1)
    # ruleid: cheap-password-hash
    bcrypt.gensalt(4)
    # ruleid: cheap-password-hash
    pbkdf2_sha256.using(rounds=5000)
    # ruleid: cheap-password-hash
    sha512_crypt.using(rounds=5000)
    # ruleid: cheap-password-hash
    argon2.PasswordHasher(time_cost=1, memory_cost=512)
    # ok: cheap-password-hash
    hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
    # ok: cheap-password-hash
    bcrypt.gensalt(12)
    # ok: cheap-password-hash
    PBKDF2(password, salt, 32, count=600_000)
    # ok: cheap-password-hash
    argon2.PasswordHasher()


def scram_salted_password(password, salt, iterations):
    # Trap: the protocol fixes the number.
    # ok: cheap-password-hash
    return hashlib.pbkdf2_hmac("sha256", password, salt, 4096)


def methods(password):
    # ruleid: password-hash-method
    generate_password_hash(password, method="sha1")
    # ruleid: password-hash-method
    generate_password_hash(password, "pbkdf2:sha256:1000")
    # ruleid: password-hash-method
    CryptContext(schemes=["md5_crypt", "argon2"])
    # ruleid: password-hash-method
    hex_sha256.hash(password)
    # ruleid: password-hash-method
    make_password(password, hasher="md5")
    # ok: password-hash-method
    generate_password_hash(password)
    # ok: password-hash-method
    generate_password_hash(password, "pbkdf2:sha256:600000")
    # Near miss: old hashes are still read, new ones are made by the first.
    # ok: password-hash-method
    CryptContext(schemes=["argon2", "md5_crypt"], deprecated="auto")


# ruleid: password-hash-method
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Trap: the first makes the hashes, the second only reads old ones.
# ok: password-hash-method
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.UnsaltedMD5PasswordHasher",
]


def digests(user, password, password_path, salt, pw):
    # ruleid: password-digest
    hashlib.sha256(pw).hexdigest()
    # ruleid: password-digest
    hashlib.sha256(password.encode()).hexdigest()
    # ruleid: password-digest
    hashlib.sha512(salt + user.password).digest()
    # ok: password-digest
    argon2.PasswordHasher().hash(password)
    # ok: password-digest
    hashlib.scrypt(password, salt=salt, n=2**17, r=8, p=1)
    # Trap: the name of a file.
    # ok: password-digest
    hashlib.sha256(password_path.encode()).hexdigest()


def checksums(password, data, secret):
    # ruleid: checksum-of-secret
    zlib.crc32(password.encode())
    # ruleid: checksum-of-secret
    hash(secret)
    # ok: checksum-of-secret
    zlib.crc32(data)
    # Trap: a length, and no secret.
    # ok: checksum-of-secret
    hash(len(secret))
