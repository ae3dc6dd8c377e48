"""The admin's area: products, users, maintenance."""

import os
import subprocess
from functools import wraps

from flask import Blueprint, abort, current_app, request, session

from . import backups, db, images

bp = Blueprint("admin", __name__, url_prefix="/admin")


def admin_only(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if session.get("role") != "admin":
            abort(403)
        return view(*args, **kwargs)

    return guarded


@bp.get("/")
@admin_only
def dashboard():
    return {table: db.count(table) for table in ("users", "products", "orders")}


@bp.post("/products")
@admin_only
def add_product():
    form = request.form
    product_id = db.write(
        "INSERT INTO products (title, description, price, stock) VALUES (?, ?, ?, ?)",
        (form["title"], form["description"], int(form["price"]), int(form["stock"])),
    )
    upload = request.files.get("image")
    if upload is not None:
        images.store(upload, product_id, current_app.config["UPLOADS"])
    return {"id": product_id}


@bp.post("/ping")
@admin_only
def ping():
    """Is the warehouse reachable?"""
    host = request.form["host"]
    output = subprocess.check_output("ping -c 1 " + host, shell=True)  # planted: command-injection CWE-78
    return {"output": output.decode()}


@bp.post("/ping-safely")
@admin_only
def ping_safely():
    host = request.form["host"]
    if not host.replace(".", "").replace("-", "").isalnum():
        abort(400)
    done = subprocess.run(["ping", "-c", "1", host], capture_output=True, text=True, timeout=5, check=False)
    return {"output": done.stdout}


@bp.get("/disk")
@admin_only
def disk():
    return {"free": subprocess.run(["df", "-h", "/"], capture_output=True, text=True, check=True).stdout}


@bp.post("/cleanup")
@admin_only
def cleanup():
    folder = request.form["folder"]
    os.system(f"rm -rf {folder}/*.tmp")  # planted: command-injection CWE-78
    return {"ok": True}


@bp.post("/script")
@admin_only
def script():
    """Run a snippet for a migration."""
    exec(request.form["code"])  # planted: code-injection CWE-95
    return {"ok": True}


@bp.post("/backup")
def backup():  # planted: missing-authorization CWE-862
    return {"path": backups.create(current_app.config["DATABASE"])}


@bp.post("/promote")
@admin_only
def promote():
    assert session.get("is_admin")  # planted: assert-as-guard CWE-617
    db.write("UPDATE users SET role = ? WHERE id = ?", ("admin", int(request.form["user"])))
    return {"ok": True}
