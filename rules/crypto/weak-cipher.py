from M2Crypto import EVP
from Crypto.Cipher import AES, ARC4
from Cryptodome.Cipher import DES as D
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def seal(key, nonce, mine):
    # ruleid: weak-cipher
    a = ARC4.new(key)
    # ruleid: weak-cipher
    b = D.new(key, D.MODE_CBC)
    # ruleid: weak-cipher
    c = Cipher(algorithms.Blowfish(key), modes.CBC(nonce))
    # ruleid: ecb-mode
    d = Cipher(algorithms.AES(key), modes.ECB())
    # ruleid: ecb-mode
    e = AES.new(key, AES.MODE_ECB)
    # ruleid: ecb-mode
    AES.new(key=key, mode=AES.MODE_ECB)
    # ruleid: ecb-mode
    AES.new(key)
    # ruleid: weak-cipher
    algorithms.CAST5(key=key)
    # ok: weak-cipher, ecb-mode
    f = AES.new(key, AES.MODE_GCM)
    # ok: weak-cipher
    g = mine.DES.new(key)
    return a, b, c, d, e, f, g


def other_modes(key, nonce):
    # ok: ecb-mode
    Cipher(algorithms.AES(key), modes.GCM(nonce))


def by_name(key, iv):
    # ruleid: weak-cipher
    EVP.Cipher("des_ede3_cbc", key, iv, 1)
    # ruleid: ecb-mode
    EVP.Cipher(alg="aes_128_ecb", key=key, iv=iv, op=1)
    # ok: weak-cipher, ecb-mode
    EVP.Cipher("aes_256_cbc", key, iv, 1)
