# ruleid: subprocess-import
import subprocess
# ruleid: subprocess-import
from subprocess import run
# ruleid: pycrypto-import
from Crypto.Cipher import AES
# ok: pycrypto-import, subprocess-import
from Cryptodome.Cipher import DES
# ok: pycrypto-import, subprocess-import
import asyncio.subprocess as subprocesses
