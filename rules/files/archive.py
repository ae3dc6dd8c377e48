import tarfile
import zipfile


def unpack(path, folder, chosen, mine):
    # ruleid: archive-extract, extractall-call
    tarfile.open(path).extractall(folder)
    with tarfile.open(path) as archive:
        # ruleid: archive-extract, extractall-call
        archive.extractall(folder)
        # ok: archive-extract, extractall-call
        archive.extractall(folder, filter="data")
        # ok: archive-extract
        # ruleid: extractall-call
        archive.extractall(folder, members=chosen)
        # ruleid: archive-extract, extractall-call
        archive.extractall(folder, members=archive.getmembers())
        # ruleid: archive-extract, extractall-call
        archive.extractall(folder, filter="fully_trusted")
        for member in archive:
            # ruleid: archive-extract
            archive.extract(member, folder)
        # ok: archive-extract, extractall-call
        archive.extract("a", folder)
    # Trap: an archive of another kind, which checks its names itself.
    # ok: archive-extract
    # ruleid: extractall-call
    zipfile.ZipFile(path).extractall(folder)


def older(path, folder, new):
    archive = tarfile.open(path)
    # What is left for Pythons without the parameter.
    if new:
        # ok: archive-extract
        archive.extractall(folder, filter="data")
    else:
        # ok: archive-extract
        # ruleid: extractall-call
        archive.extractall(folder)
    try:
        archive.extractall(folder, filter="data")
    except TypeError:
        # ok: archive-extract
        # ruleid: extractall-call
        archive.extractall(folder)
    # Trap: another condition.
    if folder:
        # ruleid: archive-extract, extractall-call
        archive.extractall(folder)
    else:
        archive.close()
