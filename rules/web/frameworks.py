import os

import bottle
import tornado.web
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette

DEVELOPING = os.environ.get("DEBUG") == "1"
flask_app = Flask(__name__)

# ruleid: framework-debug
app = FastAPI(debug=True)
# ruleid: framework-debug
Starlette(routes=[], debug=True)
# ruleid: framework-debug
tornado.web.Application([], debug=True)
# ruleid: framework-debug
bottle.run(host="localhost", debug=True)
# ruleid: framework-debug
bottle.debug()
# ok: framework-debug
bottle.debug(False)
# ok: framework-debug
FastAPI(debug=DEVELOPING)
# ok: framework-debug
FastAPI(title="debug=True")
# ok: framework-debug
print("hello", debug=True)
if DEVELOPING:
    # ok: framework-debug
    bottle.debug(True)

# ruleid: flask-propagates
flask_app.config["TESTING"] = True
# ruleid: flask-propagates
flask_app.testing = True
# ok: flask-propagates
flask_app.config["TESTING"] = False
# ok: flask-propagates
app.testing = True


def main(config):
    # ruleid: pyramid-debug
    config.include("pyramid_debugtoolbar")
    # ok: pyramid-debug
    config.include("pyramid_jinja2")
    # ok: pyramid-debug
    config.exclude("pyramid_debugtoolbar")


INSTALLED_APPS = ["django.contrib.sessions"]
ROOT_URLCONF = "urls"
MIDDLEWARE = []
# ruleid: django-debug-setting
DEBUG = True
# ok: django-debug-setting
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
# ok: django-debug-setting
TEMPLATE_DEBUG = False


class Logger:
    # ok: django-debug-setting
    DEBUG = True
