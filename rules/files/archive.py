import tarfile


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
        # ok: extractall-call
        archive.extract("a", folder)
