import os
import shutil
import tarfile
import zipfile

import py7zr


def unpacked(upload, folder):
    # ruleid: unpack-archive
    shutil.unpack_archive(upload, folder)
    # ok: unpack-archive
    shutil.unpack_archive(upload, folder, filter="data")
    # ok: unpack-archive
    shutil.unpack_archive(upload, folder, "zip")
    # Trap: one that comes with the program.
    # ok: unpack-archive
    shutil.unpack_archive("/usr/share/acme/themes.tar.gz", folder)


def by_hand(archive: zipfile.ZipFile, folder):
    for member in archive.infolist():
        # ruleid: archive-member-path
        with open(os.path.join(folder, member.filename), "wb") as file:
            file.write(archive.read(member))
    for name in archive.namelist():
        path = os.path.join(folder, name)
        # ruleid: archive-member-path
        with open(path, "wb") as file:
            file.write(archive.read(name))


def compared(archive: zipfile.ZipFile, folder):
    for name in archive.namelist():
        path = os.path.realpath(os.path.join(folder, name))
        if os.path.commonpath([folder, path]) != folder:
            raise ValueError(name)
        # ok: archive-member-path
        with open(os.path.join(folder, name), "wb") as file:
            file.write(archive.read(name))
    for name in archive.namelist():
        # ruleid: zip-extract
        archive.extract(name, folder)
    for name in os.listdir(folder):
        # Trap: the names of a folder, which lead nowhere.
        # ok: archive-member-path
        with open(os.path.join(folder, name), "wb") as file:
            file.write(b"")


def filters(archive, folder, chosen):
    # ruleid: archive-filter-off
    tarfile.TarFile.extraction_filter = staticmethod(tarfile.fully_trusted_filter)
    # ruleid: archive-filter-off
    archive.extractall(folder, filter=lambda member, path: member)
    # ok: archive-filter-off
    tarfile.TarFile.extraction_filter = staticmethod(tarfile.data_filter)
    # ok: archive-filter-off
    archive.extractall(folder, filter="data")
    # Trap: a filter that looks.
    # ok: archive-filter-off
    archive.extractall(folder, filter=lambda member, path: member if chosen(member) else None)


def limits(path, folder, mine):
    # ruleid: zip-extract
    zipfile.ZipFile(path).extractall(folder)
    with py7zr.SevenZipFile(path) as archive:
        # ruleid: zip-extract
        archive.extractall(folder)
    with zipfile.ZipFile(path) as archive:
        # ok: zip-extract
        archive.testzip()
        # ok: zip-extract
        archive.namelist()
    # Trap: another thing that is extracted.
    # ok: zip-extract
    mine.extract(folder)


def prefixes(folder, path):
    # ruleid: path-prefix-check
    if os.path.commonprefix([folder, path]) != folder:
        raise ValueError(path)
    # ok: path-prefix-check
    if os.path.commonpath([folder, path]) != folder:
        raise ValueError(path)
    # Trap: what names have in common.
    # ok: path-prefix-check
    return os.path.commonprefix([folder, path])
