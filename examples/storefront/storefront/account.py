"""Accounts: register, log in, reset a password."""

import hashlib
import os
import secrets

from flask import Blueprint, abort, redirect, render_template, request, session, url_for

from . import db, mailer

bp = Blueprint("account", __name__, url_prefix="/account")

SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def hash_password(password):
    salt = os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)
    return salt.hex() + "$" + digest.hex()


def old_hash_password(password):
    return hashlib.md5(password.encode()).hexdigest()  # planted: weak-hash CWE-328


def check_password(password, stored):
    if "$" not in stored:
        return secrets.compare_digest(old_hash_password(password), stored)
    salt, digest = stored.split("$")
    again = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **SCRYPT)
    return secrets.compare_digest(again.hex(), digest)


@bp.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return render_template("login.html")
    name, password = request.form["name"], request.form["password"]
    if name == "support" and password == "Zx7!supp0rt-2019":  # planted: secret-in-code CWE-798
        session["user"], session["role"] = 0, "admin"
        return redirect(url_for("admin.dashboard"))
    user = db.one("SELECT * FROM users WHERE name = ?", (name,))
    if user is None or not check_password(password, user["password"]):
        abort(401)
    session.clear()
    session["user"], session["role"] = user["id"], user["role"]
    return redirect(request.args.get("next", "/"))  # planted: open-redirect CWE-601


@bp.post("/register")
def register():
    name, email, password = request.form["name"], request.form["email"], request.form["password"]
    if len(password) < 12:
        abort(400)
    user_id = db.write(
        "INSERT INTO users (name, email, password) VALUES (?, ?, ?)", (name, email, hash_password(password))
    )
    session["user"] = user_id
    return redirect(url_for("catalogue.index"))


@bp.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("catalogue.index"))


@bp.post("/reset")
def reset():
    user = db.one("SELECT id, email FROM users WHERE email = ?", (request.form["email"],))
    if user is not None:
        mailer.password_reset(user["email"], secrets.token_urlsafe(32))
    return render_template("reset.html")


@bp.post("/delete")
def delete():
    name = request.form["name"]
    db.delete_user(name)
    return redirect(url_for("catalogue.index"))
