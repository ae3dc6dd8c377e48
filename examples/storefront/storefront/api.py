"""The API for the shop's own app."""

import logging
import os
import secrets

from flask import Blueprint, abort, jsonify, request

from . import db

bp = Blueprint("api", __name__, url_prefix="/api/v1")
log = logging.getLogger(__name__)

API_KEYS = {"app": os.environ.get("SHOP_APP_KEY", "")}
PARTNER_TOKEN = "pt_9fQ2xV7mK4sL8wZ1"  # planted: secret-in-code CWE-798


def authorised():
    given = request.headers.get("X-Api-Key", "")
    return any(key and secrets.compare_digest(given, key) for key in API_KEYS.values())


@bp.before_request
def check_key():
    if not authorised():
        abort(401)


@bp.get("/products")
def products():
    page = max(1, request.args.get("page", default=1, type=int))
    rows = db.many("SELECT id, title, price FROM products LIMIT 50 OFFSET ?", ((page - 1) * 50,))
    return jsonify([dict(row) for row in rows])


@bp.get("/products/<int:product_id>")
def product(product_id):
    row = db.one("SELECT id, title, price, stock FROM products WHERE id = ?", (product_id,))
    return jsonify(dict(row)) if row else abort(404)


@bp.get("/suggest")
def suggest():
    prefix = request.args.get("prefix", "")
    rows = db.search_products_safely(prefix)
    return jsonify([row["title"] for row in rows[:10]])


@bp.post("/stock")
def stock():
    body = request.get_json()
    try:
        changes = {int(item["id"]): int(item["stock"]) for item in body["items"]}
    except (KeyError, TypeError, ValueError):
        abort(400)
    for product_id, amount in changes.items():
        db.write("UPDATE products SET stock = ? WHERE id = ?", (amount, product_id))
    return jsonify(updated=len(changes))


@bp.post("/events")
def events():
    """Events of the app. A bad one must not stop the others."""
    for event in request.get_json() or []:
        try:
            record(event)
        except Exception:  # planted: swallowed-error CWE-390
            pass
    return "", 204


def record(event):
    log.info("event %s", event["kind"])
