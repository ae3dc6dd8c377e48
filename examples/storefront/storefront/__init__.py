"""The shop: an application factory and its blueprints."""

from flask import Flask, jsonify, render_template

from . import account, admin, api, cart, catalogue, checkout, reports
from .config import load_settings
from .db import close_connection


def create_app(overrides=None):
    """Make an application; overrides are settings for tests."""
    app = Flask(__name__)
    app.config.update(load_settings())
    app.config.update(overrides or {})
    app.teardown_appcontext(close_connection)
    for blueprint in (
        account.bp,
        admin.bp,
        api.bp,
        cart.bp,
        catalogue.bp,
        checkout.bp,
        reports.bp,
    ):
        app.register_blueprint(blueprint)
    app.register_error_handler(404, not_found)
    app.register_error_handler(500, server_error)
    app.after_request(add_headers)
    return app


def not_found(error):
    return render_template("404.html"), 404


def server_error(error):
    return jsonify(error="something went wrong"), 500


def add_headers(response):
    """Headers that every page carries."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Content-Security-Policy", "default-src 'self'")
    return response


if __name__ == "__main__":
    application = create_app()
    application.run(host="127.0.0.1", debug=True)  # planted: debug-mode CWE-489
