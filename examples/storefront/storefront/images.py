"""Pictures of products: upload, thumbnails."""

import os
import subprocess
import tempfile
from pathlib import Path

from werkzeug.utils import secure_filename

ALLOWED = {".jpg", ".jpeg", ".png", ".webp"}


def store(upload, product_id, folder):
    name = secure_filename(upload.filename or "")
    if Path(name).suffix.lower() not in ALLOWED:
        raise ValueError("no picture")
    path = os.path.join(folder, f"{product_id}-{name}")
    upload.save(path)
    os.chmod(path, 0o640)
    return path


def store_raw(upload, folder):
    path = os.path.join(folder, upload.filename)  # planted: path-traversal CWE-22
    upload.save(path)
    os.chmod(path, 0o777)  # planted: file-permissions CWE-732
    return path


def thumbnail(path, size):
    target = str(Path(path).with_suffix(".thumb.png"))
    subprocess.run(["convert", path, "-resize", f"{int(size)}x", target], check=True, timeout=30)
    return target


def watermark(path, text):
    command = f"convert {path} -annotate 0 '{text}' {path}"
    subprocess.Popen(command, shell=True)  # planted: command-injection CWE-78


def scratch_name():
    return tempfile.mktemp(suffix=".png")  # planted: temporary-file CWE-377


def scratch_file():
    return tempfile.NamedTemporaryFile(suffix=".png")
