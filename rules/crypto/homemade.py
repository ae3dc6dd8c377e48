import base64
import codecs
import hashlib
import hmac
import itertools
import os
import secrets
import ssl
import time

from cryptography.fernet import Fernet
from django.contrib.auth.hashers import BasePasswordHasher


def xor(text, key, mask, table):
    # ruleid: xor-cipher
    first = bytes(a ^ b for a, b in zip(text, itertools.cycle(key)))
    # ruleid: xor-cipher
    second = "".join(chr(ord(letter) ^ ord(key[i % len(key)])) for i, letter in enumerate(text))
    # ruleid: xor-cipher
    again = bytes(a ^ b for a, b in zip(text, key * 10))
    # ok: xor-cipher
    third = bytes(a ^ b for a, b in zip(text, key))
    # Near miss: no text is laid over another.
    # ok: xor-cipher
    fourth = [a + b for a, b in zip(text, itertools.cycle(key))]
    # Trap: the mask of a WebSocket.
    # ok: xor-cipher
    fifth = bytes(byte ^ mask[i % len(mask)] for i, byte in enumerate(text))
    # Trap: a sum of a table.
    # ok: xor-cipher
    return first, second, again, third, fourth, fifth, (text[0] ^ table[7]) & 0xFF


# ruleid: encoding-as-encryption
def encrypt(text):
    return base64.b64encode(text)


# ruleid: encoding-as-encryption
def encode_password(password):
    return codecs.encode(password, "rot13")


# ok: encoding-as-encryption
def encrypt_text(text, key):
    text = Fernet(key).encrypt(text)
    return base64.b64encode(text)


# Trap: it says what it does.
# ok: encoding-as-encryption
def encode_image(data):
    return base64.b64encode(data)


# ruleid: own-password-hasher
class Quick(BasePasswordHasher):
    algorithm = "quick"


# ok: own-password-hasher
class Hasher:
    algorithm = "sha256"


# Trap: another hasher of passwords.
# ok: own-password-hasher
class BasePasswordHash(Hasher):
    pass


def signatures(secret_key, text, prefix):
    # ruleid: secret-prefix-mac
    hashlib.sha256(secret_key + text).hexdigest()
    # ruleid: hmac-md5
    hmac.new(secret_key, text, hashlib.md5)
    # ruleid: hmac-md5
    hmac.new(secret_key, text, digestmod="sha1")
    # ok: secret-prefix-mac, hmac-md5
    hmac.new(secret_key, text, "sha256")
    # ok: secret-prefix-mac
    hashlib.sha3_256(secret_key + text)
    # Trap: a constant says what the digest is for.
    # ok: secret-prefix-mac
    hashlib.sha256(prefix + text)
    # Trap: the digest of a file.
    # ok: hmac-md5
    hashlib.new("md5", text, usedforsecurity=False)


def tokens(user):
    # ruleid: token-from-time
    token = hashlib.sha256(str(time.time()).encode()).hexdigest()
    # ruleid: token-from-time
    session_id = str(time.time())
    # ruleid: token-from-time
    auth_token = base64.b64encode(str(time.time()).encode())
    # ok: token-from-time
    api_key = secrets.token_urlsafe()
    # ok: token-from-time
    reset_token = hashlib.sha256(os.urandom(16) + str(time.time()).encode()).hexdigest()
    # Trap: a name for a file.
    # ok: token-from-time
    name = hashlib.sha256(str(time.time()).encode()).hexdigest()
    return token, session_id, auth_token, api_key, reset_token, name, user


def drawn():
    # ruleid: pseudo-random-bytes
    ssl.RAND_pseudo_bytes(16)
    # ok: pseudo-random-bytes
    ssl.RAND_bytes(16)
    # ok: pseudo-random-bytes
    os.urandom(16)
