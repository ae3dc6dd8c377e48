import os
import random
import secrets
import time

from Crypto.Cipher import AES, ChaCha20
from Crypto.Util import Counter
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.secret import SecretBox

IV = b"\x00" * 16
ONCE = os.urandom(12)


def static(key, text, mine, header):
    # ruleid: constant-nonce
    AESGCM(key).encrypt(b"000000000000", text, None)
    aead = AESGCM(key)
    # ruleid: constant-nonce
    aead.encrypt(b"000000000000", text, None)
    # ruleid: constant-nonce
    Cipher(algorithms.AES(key), modes.CBC(IV)).encryptor()
    # ruleid: constant-nonce
    AES.new(key, AES.MODE_CBC, iv=b"\0" * 16)
    # ruleid: constant-nonce
    AES.new(key, AES.MODE_CBC, IV=b"0000000000000000")
    # ruleid: constant-nonce
    AES.new(key, AES.MODE_CBC, iv=bytes(16))
    # ruleid: constant-nonce
    modes.OFB(bytes(16))
    # ruleid: constant-nonce
    AES.new(key, AES.MODE_CFB, "This is an IV456".encode())
    # ruleid: constant-nonce
    ChaCha20.new(key=key, nonce=b"12345678")
    box = SecretBox(key)
    # ruleid: constant-nonce
    box.encrypt(text, b"0" * 24)
    # ok: constant-nonce
    box.encrypt(text)
    # ok: constant-nonce
    aead.encrypt(os.urandom(12), text, None)
    # ok: constant-nonce
    Cipher(algorithms.AES(key), modes.CBC(header[:16]))
    # Near miss: it is read what others wrote so.
    # ok: constant-nonce
    Cipher(algorithms.AES(key), modes.CBC(IV)).decryptor()
    # Trap: what is encrypted is constant, the nonce is not.
    # ok: constant-nonce
    AES.new(key, AES.MODE_GCM, nonce=header).encrypt(b"0000000000000000")
    # Trap: another class with such a method.
    # ok: constant-nonce
    mine.encrypt(b"000000000000", text, None)


def from_key(key, other, text):
    # ruleid: key-as-nonce
    AES.new(key, AES.MODE_CBC, key[:16])
    # ruleid: key-as-nonce
    Cipher(algorithms.AES(key), modes.CBC(key[:16]))
    # ok: key-as-nonce
    AES.new(key, AES.MODE_CBC, other[:16])
    # Trap: both are cut out of what was derived.
    # ok: key-as-nonce
    AES.new(text[:32], AES.MODE_CBC, text[32:48])


def predicted(key):
    # ruleid: predictable-nonce
    AES.new(key, AES.MODE_CBC, random.randbytes(16))
    iv = bytes(random.randint(0, 255) for _ in range(16))
    # ruleid: predictable-nonce
    AES.new(key, AES.MODE_CBC, iv=iv)
    # ruleid: predictable-nonce
    modes.CTR(str(time.time()).encode())
    # ok: predictable-nonce
    AES.new(key, AES.MODE_CBC, os.urandom(16))
    # ok: predictable-nonce
    AES.new(key, AES.MODE_CBC, iv=secrets.token_bytes(16))
    # Trap: it is the system that is asked.
    # ok: predictable-nonce
    modes.CBC(random.SystemRandom().randbytes(16))


def twice(key, one, two):
    cipher = AESGCM(key)
    nonce = os.urandom(12)
    # ok: nonce-reused
    first = cipher.encrypt(nonce, one, None)
    # ruleid: nonce-reused
    second = cipher.encrypt(nonce, two, None)
    return first, second


def module(key, text):
    cipher = AESGCM(key)
    # ruleid: nonce-reused
    return cipher.encrypt(ONCE, text, None)


def loop(key, texts):
    cipher = AESGCM(key)
    nonce = os.urandom(12)
    for text in texts:
        # ruleid: nonce-reused
        yield cipher.encrypt(nonce, text, None)


def drawn_again(key, one, two):
    cipher = AESGCM(key)
    nonce = os.urandom(12)
    first = cipher.encrypt(nonce, one, None)
    nonce = os.urandom(12)
    # ok: nonce-reused
    second = cipher.encrypt(nonce, two, None)
    return first, second


def anew(key, texts):
    cipher = AESGCM(key)
    for text in texts:
        nonce = os.urandom(12)
        # Trap: one for each.
        # ok: nonce-reused
        yield cipher.encrypt(nonce, text, None)
    # ok: nonce-reused
    cipher.encrypt(os.urandom(12), texts, None)


def counters(key, number):
    # ruleid: counter-restarts
    AES.new(key, AES.MODE_CTR, counter=Counter.new(128))
    # ok: counter-restarts
    AES.new(key, AES.MODE_CTR, counter=Counter.new(64, prefix=os.urandom(8)))
    # ok: counter-restarts
    AES.new(key, AES.MODE_CTR, counter=Counter.new(128, initial_value=number))
    # Trap: it chooses a nonce by itself.
    # ok: counter-restarts
    AES.new(key, AES.MODE_CTR)
