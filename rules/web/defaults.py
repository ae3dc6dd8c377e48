import os

import cherrypy
import falcon
import requests
from django.contrib.auth.password_validation import validate_password
from django.http import JsonResponse
from flask import jsonify

app = falcon.App()


def cookies(response, value):
    # ruleid: cookie-attributes-missing
    response.set_cookie("last", value)
    # ok: cookie-attributes-missing
    response.set_cookie("last", value, secure=True)
    # ok: cookie-attributes-missing
    response.set_cookie("last", value, secure=value.tls)
    # ok: cookie-attributes-missing
    response.set_cookie()


# ruleid: debug-by-default
DEBUG = os.environ.get("DEBUG", "1") == "1"
# ruleid: debug-by-default
DEBUG = os.getenv("APP_DEBUG", True)
# ruleid: debug-by-default
DEBUG = os.environ.get("DEBUG", "true").lower() == "true"
# ok: debug-by-default
DEBUG = os.environ.get("DEBUG") == "1"
# ok: debug-by-default
DEBUG = os.environ.get("DEBUG", "0") == "1"
# ok: debug-by-default
COMPRESS = os.environ.get("COMPRESS", "1") == "1"


def view():
    try:
        return work()
    except Exception as e:
        # ruleid: error-message-shown
        return jsonify(error=str(e)), 500


def django_view(request):
    try:
        return work()
    except Exception as e:
        # ruleid: error-message-shown
        return JsonResponse({"error": str(e)}, status=500)


def narrow_view():
    try:
        return work()
    except ValueError as e:
        # ok: error-message-shown
        return jsonify(error=str(e)), 400


def quiet_view(log):
    try:
        return work()
    except Exception as e:
        # ok: error-message-shown
        log.error(str(e))
        # ok: error-message-shown
        return jsonify(error="internal error"), 500


# ruleid: api-without-throttle
REST_FRAMEWORK = {"PAGE_SIZE": 50}
# ok: api-without-throttle
REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"anon": "100/hour"}}
# ok: api-without-throttle
REST_FRAMEWORK = load_settings()


def password(user, request):
    # ruleid: password-unvalidated
    user.set_password(request.POST["password"])


def checked_password(user, request):
    validate_password(request.POST["password"], user)
    # ok: password-unvalidated
    user.set_password(request.POST["password"])
    # ok: password-unvalidated
    user.set_name(request.POST["name"])


# ruleid: cookies-open-by-default
app.resp_options.secure_cookies_by_default = False
# ruleid: cookies-open-by-default
cherrypy.config.update({"tools.sessions.on": True, "tools.sessions.httponly": False})
# ok: cookies-open-by-default
cherrypy.config.update({"tools.sessions.on": True, "tools.sessions.httponly": True})
# ok: cookies-open-by-default
app.resp_options.secure_cookies_by_default = True


def fetch(key, page):
    # ruleid: secret-in-url
    requests.get(f"https://api.example.com/v1?api_key={key}")
    # ruleid: secret-in-url
    requests.get("https://api.example.com/v1?page=1&token=%s" % key)
    # ok: secret-in-url
    requests.get(f"https://api.example.com/v1?page={page}", headers={"Authorization": f"Bearer {key}"})
    # ok: secret-in-url
    requests.get(f"https://api.example.com/v1?token_type={page}")
    # ok: secret-in-url
    print("https://api.example.com/v1?api_key=KEY")
