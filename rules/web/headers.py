from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_deny, xframe_options_exempt
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)


def frames(response):
    # ruleid: frames-allowed
    response["X-Frame-Options"] = "ALLOWALL"
    # ruleid: frames-allowed
    response.headers["X-Frame-Options"] = "AllowAll"
    # ok: frames-allowed
    response["X-Frame-Options"] = "DENY"
    # ok: frames-allowed
    response["X-Frame-Policy"] = "ALLOWALL"
    return response


# ruleid: frames-allowed
@xframe_options_exempt
def widget(request):
    return request


# ok: frames-allowed
@xframe_options_deny
def page(request):
    return request


# ruleid: frames-allowed
@method_decorator(xframe_options_exempt, name="dispatch")
class Widget:
    pass


# ruleid: frames-allowed
Talisman(app, frame_options=None)
# ok: frames-allowed
Talisman(app)


def policies(response):
    # ruleid: content-policy-open
    response.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"
    # ruleid: content-policy-open
    response["Content-Security-Policy"] = "default-src 'none'; script-src 'self' 'unsafe-eval'"
    # ruleid: content-policy-open
    response["Content-Security-Policy"] = "script-src *"
    # ok: content-policy-open
    response["Content-Security-Policy"] = "default-src 'self'"
    # ok: content-policy-open
    response["Content-Security-Policy"] = "default-src 'self'; style-src 'self' 'unsafe-inline'"
    # ok: content-policy-open
    response["Content-Security-Policy"] = "script-src https://*.example.com"
    # ok: content-policy-open
    response["Content-Security-Policy-Report-Only"] = "script-src *"


INSTALLED_APPS = ["django.contrib.sessions"]
ROOT_URLCONF = "urls"
MIDDLEWARE = []
# ruleid: header-setting
SECURE_CONTENT_TYPE_NOSNIFF = False
# ruleid: header-setting
X_FRAME_OPTIONS = "ALLOWALL"
# ok: header-setting
X_FRAME_OPTIONS = "SAMEORIGIN"
# ok: header-setting
SECURE_REFERRER_POLICY = "same-origin"
# ruleid: tls-setting
SECURE_SSL_REDIRECT = False
# ruleid: tls-setting
SECURE_HSTS_SECONDS = 0
# ok: tls-setting
SECURE_HSTS_SECONDS = 31536000
# ok: tls-setting
SECURE_HSTS_PRELOAD = False
# ruleid: content-policy-setting
CSP_SCRIPT_SRC = ("'self'", "'unsafe-inline'")
# ok: content-policy-setting
CSP_SCRIPT_SRC = ("'self'",)
# ok: content-policy-setting
CSP_STYLE_SRC = ("'unsafe-inline'",)


class Options:
    # ok: header-setting
    X_FRAME_OPTIONS = "ALLOWALL"
