import crypt
import hashlib
import os
from hashlib import pbkdf2_hmac as derive

from Crypto.Protocol.KDF import scrypt
from django.contrib.auth.hashers import make_password


def direct(password):
    # ruleid: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", password, password, 600_000)


def through_names(secret):
    salt = secret
    # ruleid: salt-is-password
    return derive("sha256", secret, salt=salt, iterations=600_000)


def unpacked(secret):
    options = {"salt": secret, "n": 16384, "r": 8, "p": 1}
    # ruleid: salt-is-password
    return hashlib.scrypt(secret, **options)


def equal_constants():
    # ruleid: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", b"changeit", salt=b"change" + b"it", iterations=1)


def random_salt(password):
    salt = os.urandom(16)
    # ok: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def written_alike(source):
    # ok: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", source.read(16), source.read(16), 600_000)


def assigned_anew(password):
    first = password
    password = os.urandom(16)
    # ok: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", first, password, 600_000)


def one_of_two(password, user):
    salt = user
    if not user:
        salt = password
    # ok: salt-is-password
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def not_that_function(derive, password):
    # ok: salt-is-password
    return derive("sha256", password, password, 600_000)


def of_others(password, salt):
    # ruleid: salt-is-password
    scrypt(password, password, 32, N=2**17, r=8, p=1)
    # ruleid: salt-is-password
    make_password(password, salt=password)
    # ok: salt-is-password
    scrypt(password, salt, 32, N=2**17, r=8, p=1)
    # ok: salt-is-password
    return crypt.crypt(password, salt)
