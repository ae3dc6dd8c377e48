import os
import traceback

import aiohttp_session
from aiohttp_session import SimpleCookieStorage
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from django.http import HttpResponse
from flask import Flask, jsonify, request
from pyramid.authentication import AuthTktAuthenticationPolicy
from pyramid.session import SignedCookieSessionFactory
from starlette.applications import Starlette
from starlette.middleware.sessions import SessionMiddleware

app = Flask(__name__)
star = Starlette()
key = os.environ["KEY"]

# ruleid: session-cookie-options
SessionMiddleware(star, secret_key=key, https_only=False)
# ruleid: session-cookie-options
SignedCookieSessionFactory(key, secure=True, httponly=False)
# ruleid: session-cookie-options
EncryptedCookieStorage(key, secure=False)
# ok: session-cookie-options, session-cookie-default
SessionMiddleware(star, secret_key=key, https_only=True)
# ok: session-cookie-options
star.add_middleware(SessionMiddleware, secret_key=key, https_only=app.config["TLS"])
# ruleid: session-cookie-default
SessionMiddleware(star, secret_key=key)
# ruleid: session-cookie-default
AuthTktAuthenticationPolicy(key, hashalg="sha512")
# ok: session-cookie-default
EncryptedCookieStorage(key)
# ruleid: session-in-plain-cookie
aiohttp_session.setup(star, SimpleCookieStorage())
# ok: session-in-plain-cookie
aiohttp_session.setup(star, EncryptedCookieStorage(key))
# ok: session-in-plain-cookie
app.setup(star, storage="SimpleCookieStorage()")

# ruleid: secret-key-weak
app.secret_key = "dev"
# ruleid: secret-key-weak
app.config["SECRET_KEY"] = "my-super-secret"
# ruleid: secret-key-weak
star.add_middleware(SessionMiddleware, secret_key="changeme")
# ok: secret-key-weak
app.secret_key = os.environ["SECRET_KEY"]
# ok: secret-key-weak
app.config["SECRET_KEY"] = key
# ok: secret-key-weak
app.config["SECRET_NAME"] = "dev"


class Settings:
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE"]
    # ruleid: secret-key-literal
    SECRET_KEY = "gherkin"
    # ruleid: session-too-long
    PERMANENT_SESSION_LIFETIME = 365 * 24 * 3600
    # ok: session-too-long
    SESSION_COOKIE_AGE = 14 * 24 * 3600
    # ok: secret-key-literal
    JWT_SECRET_KEY = os.environ["JWT"]


class TestSettings:
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    # ok: secret-key-literal
    SECRET_KEY = "gherkin"
    # ok: session-too-long
    SESSION_COOKIE_PATH = 365 * 24 * 3600


def view():
    try:
        return work()
    except Exception:
        # ruleid: error-shown
        return jsonify(error=traceback.format_exc())


def short_view():
    try:
        return work()
    except Exception:
        # ruleid: error-shown
        return traceback.format_exc(), 500


def django_view(request):
    try:
        return work()
    except Exception:
        trace = traceback.format_exc()
        # ruleid: error-shown
        return HttpResponse(trace, status=500)


def quiet_view(log):
    try:
        return work()
    except Exception:
        # ok: error-shown
        log.error(traceback.format_exc())
        # ok: error-shown
        return jsonify(error="internal error")


def address():
    # ruleid: forwarded-address
    first = request.headers.get("X-Forwarded-For", "").split(",")[0]
    # ok: forwarded-address
    first = request.remote_addr
    # ok: forwarded-address
    return request.headers.get("X-Forwarded-Proto"), first
