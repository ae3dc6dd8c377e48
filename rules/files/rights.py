import os
import subprocess
from pathlib import Path


def commands(path):
    # ruleid: chmod-command
    subprocess.run(["chmod", "777", path])
    # ruleid: chmod-command
    subprocess.check_call(["sudo", "chmod", "-R", "a+rw", path])
    # ruleid: chmod-command
    os.system("chmod -R 0777 /srv/acme")
    # ok: chmod-command
    subprocess.run(["chmod", "755", path])
    # ok: chmod-command
    subprocess.run(["chmod", "g+w", path])
    # ok: chmod-command
    subprocess.run(["chmod", "o-w", path])
    # Trap: the digits belong to the name.
    # ok: chmod-command
    os.system("chmod 600 /srv/777")


def secrets(key_path, private_key: Path, certificate, public_key):
    # ruleid: secret-file-readable
    os.chmod(key_path, 0o644)
    # ruleid: secret-file-readable
    private_key.chmod(0o664)
    # ok: secret-file-readable
    os.chmod(key_path, 0o600)
    # ok: secret-file-readable
    os.chmod(certificate, 0o644)
    # Trap: the public half.
    # ok: secret-file-readable
    os.chmod(public_key, 0o644)


def created(path, flags):
    # ruleid: created-with-mode
    os.open(path, os.O_CREAT | os.O_WRONLY, 0o666)
    # ruleid: created-with-mode
    os.makedirs(path, mode=0o777, exist_ok=True)
    # ok: created-with-mode
    os.open(path, flags, 0o600)
    # ok: created-with-mode
    os.mkdir(path, 0o755)
    # Trap: no mode is given.
    # ok: created-with-mode
    os.makedirs(path, exist_ok=True)
