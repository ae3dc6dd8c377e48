import ecdsa
from cryptography.hazmat.primitives.asymmetric import dh, dsa, ec, rsa
from Crypto.PublicKey import ECC, RSA
from jwcrypto.jwk import JWK
from M2Crypto import RSA as M2RSA

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


def of_others(group):
    # ruleid: weak-key
    dh.generate_parameters(generator=2, key_size=1024)
    # ruleid: weak-key
    M2RSA.gen_key(1024, 65537)
    # ruleid: weak-key
    JWK.generate(kty="RSA", size=1024)
    # ruleid: weak-curve
    ECC.generate(curve="P-192")
    # ruleid: weak-curve
    ecdsa.SigningKey.generate(curve=ecdsa.NIST192p)
    # ok: weak-key
    dh.generate_parameters(generator=2, key_size=3072)
    # ok: weak-key
    JWK.generate(kty="oct", size=256)
    # ok: weak-curve
    ECC.generate(curve="P-256")
    # ok: weak-curve
    ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    # ok: weak-curve
    ec.generate_private_key(ec.SECP521R1())
