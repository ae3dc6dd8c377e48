from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from Crypto.PublicKey import RSA

import paramiko

BITS = 512


def keys(bits):
    # ruleid: weak-key
    rsa.generate_private_key(public_exponent=65537, key_size=1024)
    # ruleid: weak-key
    rsa.generate_private_key(65537, 1024)
    # ruleid: weak-key
    dsa.generate_private_key(key_size=BITS)
    # ruleid: weak-key
    RSA.generate(1024)
    # ruleid: weak-curve
    ec.generate_private_key(ec.SECP192R1)
    # ruleid: weak-key
    paramiko.RSAKey.generate(1024)
    # ok: weak-key
    paramiko.RSAKey.generate(3072)
    # ok: weak-key
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    # ok: weak-key
    rsa.generate_private_key(65537, bits)
    # ok: weak-curve
    ec.generate_private_key(ec.SECP256R1())


def other_curves(mine):
    # ok: weak-curve
    mine.generate_private_key(ec.SECP192R1)
