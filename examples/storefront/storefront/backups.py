"""Backups of the database, and their return."""

import hashlib
import shelve
import shutil
import tarfile
from datetime import date
from pathlib import Path

FOLDER = Path("/var/backups/storefront")


def create(database):
    target = FOLDER / f"shop-{date.today().isoformat()}.tar.gz"
    with tarfile.open(target, "w:gz") as archive:
        archive.add(database, arcname="shop.db")
    target.with_suffix(".sha256").write_text(checksum(target), encoding="ascii")
    return str(target)


def checksum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 16), b""):
            digest.update(block)
    return digest.hexdigest()


def quick_signature(data):
    return hashlib.sha1(data).hexdigest()  # planted: weak-hash CWE-328


def restore(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder)  # planted: path-traversal CWE-22


def restore_carefully(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")


def index(path):
    return shelve.open(path)  # planted: deserialization CWE-502


def prune(keep):
    files = sorted(FOLDER.glob("shop-*.tar.gz"))
    for old in files[:-keep]:
        old.unlink()


def copy_to(folder):
    for file in FOLDER.iterdir():
        shutil.copy2(file, folder)
