import hmac

import tornado.web
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from rest_framework.authentication import SessionAuthentication

app = Flask(__name__)
csrf = CSRFProtect(app)


# ruleid: csrf-exempt
@csrf_exempt
def transfer(request):
    return request.user.send(request.POST["to"])


# ok: csrf-exempt
@csrf_exempt
def webhook(request):
    if not hmac.compare_digest(request.headers["X-Signature"], sign(request.body)):
        raise PermissionError
    return handle(request.body)


# ruleid: csrf-exempt
@method_decorator(csrf_exempt, name="dispatch")
class Transfer(View):
    pass


# ruleid: csrf-exempt
urlpatterns = [("transfer/", csrf_exempt(transfer))]
# ruleid: csrf-exempt
csrf.exempt(transfer)
# ok: csrf-exempt
app.exempt(transfer)

# ruleid: csrf-off
app.config["WTF_CSRF_ENABLED"] = False
# ruleid: csrf-off
tornado.web.Application([], xsrf_cookies=False)
# ok: csrf-off
app.config["WTF_CSRF_ENABLED"] = True
# ok: csrf-off
tornado.web.Application([], xsrf_cookies=True)
# ok: csrf-off
app.config["WTF_CSRF_TIME_LIMIT"] = None


class Hook(tornado.web.RequestHandler):
    # ruleid: csrf-off
    def check_xsrf_cookie(self):
        pass


class Signed(tornado.web.RequestHandler):
    # ok: csrf-off
    def check_xsrf_cookie(self):
        if not hmac.compare_digest(self.request.headers["X-Signature"], sign(self.request.body)):
            raise tornado.web.HTTPError(403)


class NoCheck(SessionAuthentication):
    # ruleid: csrf-off
    def enforce_csrf(self, request):
        return


class Base:
    SECRET_KEY = open("/run/key").read()
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    # ruleid: csrf-setting
    WTF_CSRF_ENABLED = False


class Other(Base):
    SECRET_KEY = open("/run/key").read()
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    # ok: csrf-setting
    WTF_CSRF_ENABLED = True


class TestConfig:
    SECRET_KEY = "test"
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    # ok: csrf-setting
    WTF_CSRF_ENABLED = False


INSTALLED_APPS = ["django.contrib.sessions"]
ROOT_URLCONF = "urls"
# ruleid: csrf-trusted-origins
CSRF_TRUSTED_ORIGINS = ["https://app.example.com", "https://*"]
# ok: csrf-trusted-origins
CSRF_TRUSTED_ORIGINS = ["https://*.example.com"]
# ok: csrf-trusted-origins
CORS_TRUSTED_ORIGINS = ["https://*"]
# ruleid: csrf-middleware-missing
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
# ok: csrf-middleware-missing
MIDDLEWARE_CLASSES = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
# ok: csrf-middleware-missing
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
