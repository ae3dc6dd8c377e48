import os

from flask import send_file, send_from_directory
from werkzeug.utils import secure_filename


def send(name, report):
    # ruleid: path-from-caller
    send_file("/srv/files/" + name)
    # ruleid: path-from-caller
    send_file(os.path.join("/srv/files", name), as_attachment=True)
    # ok: path-from-caller
    send_file("/srv/files/terms.pdf")
    # ok: path-from-caller
    send_file(os.path.join("/srv/files", secure_filename(name)))
    # ok: path-from-caller
    send_file(report)
    # ok: path-from-caller
    return send_from_directory("/srv/files", name)


def write(path, text):
    # ruleid: access-before-open
    if os.access(path, os.W_OK):
        open(path, "w").write(text)
    # ok: access-before-open
    with open(path, "a") as file:
        file.write(text)
    # ok: access-before-open
    return os.stat(path)
