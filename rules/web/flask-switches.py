from flask import Flask
from flask_login import LoginManager
from flask_talisman import Talisman
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from jinja2 import Environment, select_autoescape

app = Flask(__name__)
csrf = CSRFProtect(app)
manager = LoginManager(app)


def headers(origin):
    # ruleid: cors-header-credentials
    first = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}
    # ok: cors-header-credentials
    second = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    # ok: cors-header-credentials
    third = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    return first, second, third


def protections(policy):
    # ruleid: talisman-off
    Talisman(app, force_https=False)
    # ruleid: talisman-off
    Talisman(app, content_security_policy=None)
    # ok: talisman-off
    Talisman(app)
    # ok: talisman-off
    Talisman(app, content_security_policy=policy)
    # ruleid: session-protection-off
    manager.session_protection = None
    # ok: session-protection-off
    manager.session_protection = "strong"
    # ok: session-protection-off
    app.session_protection_note = None


class Transfer(FlaskForm):
    class Meta:
        # ruleid: form-without-csrf
        csrf = False


class Search(FlaskForm):
    class Meta:
        # ok: form-without-csrf
        csrf = True


class Other:
    class Meta:
        # ok: form-without-csrf
        csrf = False


# ruleid: view-exempt-from-csrf
@csrf.exempt
def hook(request):
    return request


# ok: view-exempt-from-csrf
@app.route("/b")
def plain():
    return ""


def tax(order):
    # ok: view-exempt-from-csrf
    return order.exempt(plain)


def environments(names):
    # ruleid: autoescape-nothing
    Environment(autoescape=select_autoescape(enabled_extensions=(), default_for_string=False))
    # ruleid: autoescape-nothing
    Environment(autoescape=select_autoescape(enabled_extensions=()))
    # ok: autoescape-nothing
    Environment(autoescape=select_autoescape())
    # ok: autoescape-nothing
    Environment(autoescape=select_autoescape(enabled_extensions=names))
    # ok: autoescape-nothing
    return Environment(autoescape=select_autoescape(enabled_extensions=("html", "xml")))
