import aiohttp_cors
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask, request
from flask_cors import CORS, cross_origin
from starlette.middleware import Middleware

app = FastAPI()
flask_app = Flask(__name__)
ORIGINS = ["*"]
ALLOWED = ["https://app.example.com"]

# ruleid: cors-credentials-any-origin, cors-any-origin
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ruleid: cors-credentials-any-origin, cors-any-origin
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True, allow_methods=["*"])
# ruleid: cors-credentials-any-origin
app.add_middleware(CORSMiddleware, allow_origin_regex="https://.*", allow_credentials=True)
# ruleid: cors-credentials-any-origin
Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ruleid: cors-credentials-any-origin, cors-any-origin
CORS(flask_app, supports_credentials=True)
# ruleid: cors-credentials-any-origin, cors-any-origin
CORS(flask_app, resources={r"/api/*": {"origins": "*"}}, supports_credentials=True)
# ruleid: cors-any-origin
app.add_middleware(CORSMiddleware, allow_origins=["*"])
# ok: cors-credentials-any-origin, cors-any-origin
app.add_middleware(CORSMiddleware, allow_origins=ALLOWED, allow_credentials=True)
# ok: cors-credentials-any-origin
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\.example\.com", allow_credentials=True)
# ok: cors-credentials-any-origin, cors-any-origin
CORS(flask_app, origins=ALLOWED, supports_credentials=True)
# ok: cors-any-origin
CORS(flask_app, resources={r"/api/*": {"origins": ALLOWED}})
# ok: cors-any-origin, cors-credentials-any-origin
app.add_middleware(print, origins=["*"], credentials=True)

# ruleid: cors-credentials-any-resource
aiohttp_cors.setup(app, defaults={"*": aiohttp_cors.ResourceOptions(allow_credentials=True)})
# ok: cors-credentials-any-resource
aiohttp_cors.setup(app, defaults={"*": aiohttp_cors.ResourceOptions(expose_headers="*")})
# ok: cors-credentials-any-resource
aiohttp_cors.setup(app, defaults={ALLOWED[0]: aiohttp_cors.ResourceOptions(allow_credentials=True)})


# ruleid: cors-any-origin
@cross_origin()
def public():
    return "hello"


def plain(response):
    # ruleid: cors-header-any-origin
    response.headers["Access-Control-Allow-Origin"] = "*"
    # ok: cors-header-any-origin, cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.com"
    # ok: cors-header-any-origin
    response.headers["Access-Control-Allow-Methods"] = "*"
    return response


def echo(response):
    # ruleid: cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    return response


def echo_by_name(response):
    origin = request.headers["Origin"]
    # ruleid: cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = origin
    return response


def compared(response):
    origin = request.headers["Origin"]
    if origin in ALLOWED:
        # ok: cors-origin-echoed
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def refused(response):
    origin = request.headers["Origin"]
    if origin not in ALLOWED:
        return response
    # ok: cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = origin
    return response


INSTALLED_APPS = ["corsheaders"]
ROOT_URLCONF = "urls"
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]
# ruleid: cors-setting-any-origin
CORS_ALLOW_ALL_ORIGINS = True
# ok: cors-setting-any-origin
CORS_ORIGIN_ALLOW_ALL = False


class Client:
    # ok: cors-setting-any-origin
    CORS_ALLOW_ALL_ORIGINS = True
