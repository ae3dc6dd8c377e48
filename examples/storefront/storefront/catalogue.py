"""The catalogue: lists, pages of products, search."""

from flask import Blueprint, abort, render_template, render_template_string, request
from markupsafe import Markup, escape

from . import db

bp = Blueprint("catalogue", __name__)

GREETING = "<h1>Welcome to {{ shop }}</h1>"


@bp.get("/")
def index():
    products = db.many("SELECT * FROM products WHERE stock > 0 ORDER BY title LIMIT 24")
    return render_template("index.html", products=products)


@bp.get("/products/<int:product_id>")
def product(product_id):
    found = db.one("SELECT * FROM products WHERE id = ?", (product_id,))
    if found is None:
        abort(404)
    description = Markup(found["description"])  # planted: cross-site-scripting CWE-79
    return render_template("product.html", product=found, description=description)


@bp.get("/search")
def search():
    text = request.args.get("q", "")
    products = db.search_products(text)
    heading = Markup("<h2>Results for {}</h2>").format(text)
    return render_template("search.html", products=products, heading=heading)


@bp.get("/hello")
def hello():
    name = request.args.get("name", "friend")
    return render_template_string("<p>Hello " + name + "</p>")  # planted: template-injection CWE-1336


@bp.get("/greeting")
def greeting():
    return render_template_string(GREETING, shop="Storefront")


@bp.get("/compare")
def compare():
    """Two products side by side; the ids come as numbers."""
    ids = [int(i) for i in request.args.getlist("id")[:2]]
    marks = ", ".join("?" for _ in ids)
    rows = db.many("SELECT * FROM products WHERE id IN (" + marks + ")", ids)
    return render_template("compare.html", products=rows)


@bp.get("/preview")
def preview():
    colour = request.args.get("colour", "white")
    return f"<div style='background: {escape(colour)}'>preview</div>"


@bp.get("/echo")
def echo():
    note = request.args.get("note", "")
    return "<p>" + note + "</p>"  # planted: cross-site-scripting CWE-79
