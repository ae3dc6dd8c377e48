import base64
import hashlib
import hmac
import os
import secrets

import itsdangerous
import paramiko
from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

KEY = b"0123456789abcdef"


def keys(data, token, settings):
    # ruleid: key-in-code
    Fernet(b"zQ0LxM3bq6yl4mVw8m1v8Qm2h1y1tZ8r0bS2m7g3x9E=")
    # ruleid: key-in-code
    AES.new(KEY, AES.MODE_GCM)
    # ruleid: key-in-code
    algorithms.AES("0123456789abcdef".encode())
    # ruleid: key-in-code
    hmac.new(b"pepper and salt", data, "sha256")
    # ruleid: key-in-code
    itsdangerous.URLSafeTimedSerializer("do not tell")
    # ok: key-in-code
    Fernet(os.environ["DATA_KEY"])
    # ok: key-in-code
    hmac.new(settings.SECRET_KEY, data, "sha256")
    # Trap: the secret is what is hashed, and the constant says what for.
    # ok: key-in-code
    hmac.new(b"WebAppData", token, "sha256")


def derived(password, salt, content):
    # ruleid: key-from-digest
    AES.new(hashlib.sha256(password.encode()).digest(), AES.MODE_GCM)
    key = base64.urlsafe_b64encode(hashlib.sha256(password).digest())
    # ruleid: key-from-digest
    Fernet(key)
    # ruleid: key-from-digest
    AES.new(password.ljust(32).encode(), AES.MODE_GCM)
    # ruleid: key-from-digest
    algorithms.AES(password.encode())
    # ok: key-from-digest
    AES.new(hashlib.scrypt(password, salt=salt, n=2**15, r=8, p=1, dklen=32), AES.MODE_GCM)
    # Trap: what is hashed is no password.
    # ok: key-from-digest
    AES.new(hashlib.sha256(content.shared_point).digest(), AES.MODE_GCM)


def exponents():
    # ruleid: rsa-exponent
    rsa.generate_private_key(public_exponent=3, key_size=3072)
    # ok: rsa-exponent
    rsa.generate_private_key(public_exponent=65537, key_size=3072)
    # ok: rsa-exponent
    rsa.generate_private_key(65537, 3072)


def stored(key, password):
    # ruleid: key-stored-unencrypted
    key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    ssh = paramiko.RSAKey.generate(3072)
    # ruleid: key-stored-unencrypted
    ssh.write_private_key_file("id_rsa")
    # ok: key-stored-unencrypted
    key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    # ok: key-stored-unencrypted
    ssh.write_private_key_file("id_rsa", password=password)


def tokens():
    # ruleid: short-token
    reset_token = secrets.token_hex(4)
    # ruleid: short-token
    session_key = os.urandom(8)
    # ok: short-token
    token = secrets.token_hex()
    # ok: short-token
    api_key = secrets.token_urlsafe(32)
    # Trap: the end of a file's name, which guards nothing.
    # ok: short-token
    suffix = secrets.token_hex(4)
    return reset_token, session_key, token, api_key, suffix
