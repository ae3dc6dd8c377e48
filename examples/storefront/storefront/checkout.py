"""Checkout: from the cart to an order."""

import random
import secrets
from datetime import datetime, timezone

from flask import Blueprint, abort, redirect, request, session, url_for

from . import db, mailer, payments

bp = Blueprint("checkout", __name__, url_prefix="/checkout")


def order_token():
    """Whoever has the token sees the order."""
    token = "".join(random.choice("0123456789abcdef") for _ in range(16))  # planted: weak-random CWE-338
    return token


def receipt_token():
    return secrets.token_urlsafe(16)


def lucky_gift(gifts):
    """Which gift goes into the parcel: nothing hangs on it."""
    return random.choice(gifts)


@bp.post("/")
def place():
    user_id = session.get("user")
    if user_id is None:
        return redirect(url_for("account.login"))
    cart = session.get("cart") or {}
    if not cart:
        abort(400)
    total = 0
    lines = []
    for product_id, quantity in cart.items():
        product = db.one("SELECT id, price, stock FROM products WHERE id = ?", (int(product_id),))
        if product is None or product["stock"] < quantity:
            abort(409)
        total += product["price"] * quantity
        lines.append((product["id"], quantity, product["price"]))
    now = datetime.now(timezone.utc).isoformat()
    order_id = db.write(
        "INSERT INTO orders (user, status, total, created) VALUES (?, 'new', ?, ?)", (user_id, total, now)
    )
    for line in lines:
        db.write("INSERT INTO order_lines VALUES (?, ?, ?, ?)", (order_id, *line))
    payments.charge(order_id, total, request.form["card_token"])
    mailer.order_confirmation(user_id, order_id, receipt_token())
    session.pop("cart", None)
    return redirect(url_for("checkout.done", order_id=order_id))


@bp.get("/done/<int:order_id>")
def done(order_id):
    order = db.one("SELECT * FROM orders WHERE id = ? AND user = ?", (order_id, session.get("user")))
    if order is None:
        abort(404)
    return dict(order)


@bp.get("/status/<int:order_id>")
def status(order_id):
    order = db.one("SELECT * FROM orders WHERE id = ?", (order_id,))  # planted: missing-owner-check CWE-639
    return dict(order) if order else abort(404)
