"""Reports for the books: tables, exports."""

import csv
import io
import sqlite3

import requests
from flask import Blueprint, Response, request, send_file, send_from_directory

from . import db
from .admin import admin_only

bp = Blueprint("reports", __name__, url_prefix="/reports")

MONTHLY = """
SELECT substr(created, 1, 7) AS month, SUM(total) AS total FROM orders WHERE status = 'paid' GROUP BY month
"""


@bp.get("/monthly")
@admin_only
def monthly():
    return {row["month"]: row["total"] for row in db.many(MONTHLY)}


@bp.get("/customers")
@admin_only
def customers():
    country = request.args.get("country", "DE")
    archive = sqlite3.connect("archive.db")
    rows = archive.execute("SELECT name FROM customers WHERE country = '%s'" % country)  # planted: sql-injection CWE-89
    return {"names": [row[0] for row in rows]}


@bp.get("/best")
@admin_only
def best():
    limit = request.args.get("limit", default=10, type=int)
    rows = db.many("SELECT product, SUM(quantity) AS n FROM order_lines GROUP BY product ORDER BY n DESC LIMIT ?", (limit,))
    return [dict(row) for row in rows]


@bp.get("/export")
@admin_only
def export():
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "status", "total"])
    for row in db.many("SELECT id, status, total FROM orders"):
        writer.writerow([row["id"], row["status"], row["total"]])
    return Response(out.getvalue(), mimetype="text/csv")


@bp.get("/file")
@admin_only
def file():
    return send_file("/srv/reports/" + request.args["name"])  # planted: path-traversal CWE-22


@bp.get("/files/<path:name>")
@admin_only
def files(name):
    return send_from_directory("/srv/reports", name)


@bp.get("/logo")
@admin_only
def logo():
    """The logo of a supplier, for the head of a report."""
    answer = requests.get(request.args["url"], timeout=5)  # planted: server-side-request-forgery CWE-918
    return Response(answer.content, mimetype="image/png")
