import os

from django.http import HttpResponse
from flask import Flask, make_response
from starlette.responses import Response

app = Flask(__name__)


def flask_view(value):
    response = make_response("hello")
    # ruleid: cookie-without-secure
    response.set_cookie("session", value, secure=False)
    # ruleid: cookie-script-readable
    response.set_cookie("user", value, secure=True, httponly=False)
    # ruleid: cookie-cross-site
    response.set_cookie("user", value, samesite="None", secure=True, httponly=True)
    # ruleid: session-cookie-bare
    response.set_cookie("auth_token", value)
    # ok: cookie-without-secure, cookie-script-readable, cookie-cross-site, session-cookie-bare
    response.set_cookie("session", value, secure=True, httponly=True, samesite="Lax")
    # ok: cookie-without-secure
    response.set_cookie("session", value, secure=app.config["TLS"], httponly=True)
    # ok: session-cookie-bare
    response.set_cookie("theme", value)
    # ok: cookie-script-readable
    response.set_cookie("csrftoken", value, httponly=False)
    return response


def django_view(request, options):
    response = HttpResponse("hello")
    # ruleid: cookie-without-secure
    response.set_signed_cookie("user", request.user.pk, secure=False)
    # ruleid: session-cookie-bare
    response.set_cookie(key="sessionid", value="1")
    # ok: session-cookie-bare, cookie-without-secure
    response.set_cookie("sessionid", "1", **options)
    return response


async def starlette_view(request):
    response = Response("hello")
    insecure = False
    # ruleid: cookie-without-secure
    response.set_cookie("user", "1", secure=insecure)
    # ok: cookie-without-secure, cookie-cross-site
    response.delete_cookie("user", secure=False, samesite="none")
    return response


class Jar:
    def store(self, name, value, secure):
        self.cookies[name] = value


def jar(value):
    # ok: cookie-without-secure
    Jar().store("session", value, secure=False)


# ruleid: cookie-config
app.config["SESSION_COOKIE_HTTPONLY"] = False
# ruleid: cookie-config
app.config.update(SECRET_KEY=os.environ["KEY"], SESSION_COOKIE_SECURE=False)
# ok: cookie-config
app.config["SESSION_COOKIE_SECURE"] = True
# ok: cookie-config
app.config["SESSION_COOKIE_SECURE"] = not app.debug
# ok: cookie-config
app.config.update(SESSION_COOKIE_NAME="s", TESTING=False)
# ok: cookie-setting
SESSION_COOKIE_SECURE = False


class Config:
    SECRET_KEY = os.environ["KEY"]
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE"]
    # ruleid: cookie-setting
    SESSION_COOKIE_SECURE = False
    # ok: cookie-setting
    REMEMBER_COOKIE_SECURE = True
    # ruleid: cookie-setting-cross-site
    SESSION_COOKIE_SAMESITE = "None"
    # ok: cookie-setting-cross-site
    REMEMBER_COOKIE_SAMESITE = "Lax"


class Browser:
    # ok: cookie-setting, cookie-setting-cross-site
    SESSION_COOKIE_SAMESITE = "None"
