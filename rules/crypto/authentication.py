import hmac

import rsa
from Crypto.Cipher import AES, PKCS1_OAEP, PKCS1_v1_5
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from jose import jwe


def unchecked(key, nonce, message):
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    # ruleid: tag-unchecked
    return cipher.decrypt(message)


def checked(key, nonce, message, tag):
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    # ok: tag-unchecked
    text = cipher.decrypt(message)
    cipher.verify(tag)
    return text


def together(key, nonce, message, tag):
    cipher = AES.new(key, AES.MODE_EAX, nonce=nonce)
    # ok: tag-unchecked
    return cipher.decrypt_and_verify(message, tag)


def no_tag(key, iv, message):
    # ruleid: unauthenticated-mode
    cipher = AES.new(key, AES.MODE_CBC, iv)
    # Trap: that mode has no tag, and rule unauthenticated-mode speaks of it.
    # ok: tag-unchecked
    return cipher.decrypt(message)


def tags(key, nonce):
    # ruleid: short-tag
    AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=4)
    # ruleid: short-tag
    modes.GCM(nonce, min_tag_length=8)
    # ok: short-tag
    AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16)
    # ok: short-tag
    modes.GCM(nonce)


def hidden(key, iv):
    # ruleid: unauthenticated-mode
    Cipher(algorithms.AES(key), modes.CTR(iv))
    # ruleid: unauthenticated-mode
    return AES.new(key, AES.MODE_CBC, iv)


def protected(key, other, iv, text):
    # Trap: a signature stands beside it.
    # ok: unauthenticated-mode
    message = AES.new(key, AES.MODE_CBC, iv).encrypt(text)
    tag = hmac.new(other, message, "sha256").digest()
    # ok: unauthenticated-mode
    AESGCM(key).encrypt(iv, text, None)
    return message, tag


def paddings(key, public, text):
    # ruleid: rsa-padding-pkcs1
    PKCS1_v1_5.new(key).encrypt(text)
    # ruleid: rsa-padding-pkcs1
    rsa.encrypt(text, public)
    # ruleid: rsa-padding-pkcs1
    public.encrypt(text, padding.PKCS1v15())
    # ruleid: rsa-padding-pkcs1
    jwe.encrypt(text, public, algorithm="RSA1_5")
    # ok: rsa-padding-pkcs1
    PKCS1_OAEP.new(key).encrypt(text)
    # ok: rsa-padding-pkcs1
    public.encrypt(text, padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None))
    # Trap: for signatures that padding holds.
    # ok: rsa-padding-pkcs1
    key.sign(text, padding.PKCS1v15(), hashes.SHA256())
