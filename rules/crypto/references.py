import hashlib
import random
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import algorithms, modes

# ruleid: random-handed-on
draw = random.choice
# ok: random-handed-on
draw = secrets.choice
# ok: random-handed-on
number = random.randint(1, 6)


# ruleid: random-handed-on
class Numbers(random.Random):
    pass


# ruleid: weak-hash-mention
etag = hashlib.md5(content).hexdigest()
# ruleid: weak-hash-mention
table = {"sha1": hashlib.sha1}
# ok: weak-hash-mention
checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
# ok: weak-hash-mention
digest = hashlib.sha256(content).hexdigest()
# ruleid: weak-hash-mention
kind = hashes.SHA1
# ruleid: weak-cipher-mention
ciphers = {"blowfish": algorithms.Blowfish}
# ruleid: weak-cipher-mention
blocks = modes.ECB()
# ok: weak-cipher-mention
ciphers = {"aes": algorithms.AES}
# Trap: a mode that chains.
# ok: weak-cipher-mention
blocks = modes.CBC(iv)
