"""The cart lives in a signed cookie; saved carts in a table."""

import base64
import hashlib
import hmac
import json
import pickle

from flask import Blueprint, abort, current_app, redirect, request, session, url_for

from . import db

bp = Blueprint("cart", __name__, url_prefix="/cart")


def contents():
    return session.setdefault("cart", {})


@bp.post("/add")
def add():
    product_id = request.form.get("product", type=int)
    quantity = request.form.get("quantity", default=1, type=int)
    if product_id is None or not 1 <= quantity <= 99:
        abort(400)
    cart = contents()
    cart[str(product_id)] = cart.get(str(product_id), 0) + quantity
    session.modified = True
    return redirect(url_for("cart.show"))


@bp.get("/")
def show():
    rows = []
    for product_id, quantity in contents().items():
        product = db.one("SELECT id, title, price FROM products WHERE id = ?", (int(product_id),))
        if product is not None:
            rows.append({"product": dict(product), "quantity": quantity})
    return {"lines": rows, "total": sum(r["product"]["price"] * r["quantity"] for r in rows)}


@bp.post("/restore")
def restore():
    """Take up a cart that was mailed as a link."""
    packed = base64.urlsafe_b64decode(request.form["cart"])
    session["cart"] = pickle.loads(packed)  # planted: deserialization CWE-502
    return redirect(url_for("cart.show"))


@bp.post("/import")
def import_cart():
    """The same, done well: JSON with a signature."""
    body, signature = request.form["cart"], request.form["signature"]
    key = current_app.config["SECRET_KEY"].encode()
    wanted = hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, signature):
        abort(400)
    session["cart"] = {str(int(k)): int(v) for k, v in json.loads(body).items()}
    return redirect(url_for("cart.show"))


def etag(rows):
    """A mark of the cart's state for caches; nothing is guarded by it."""
    text = json.dumps(rows, sort_keys=True).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


@bp.post("/discount")
def discount():
    """A formula that marketing writes."""
    formula = request.form.get("formula", "0")
    total = request.form.get("total", type=int)
    return {"discount": eval(formula, {"total": total})}  # planted: code-injection CWE-95
