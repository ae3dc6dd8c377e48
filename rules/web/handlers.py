import os

import cherrypy
import strawberry
import tornado.web
from aiohttp import web
from ariadne.asgi import GraphQL
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from flask import Flask, request
from graphene_django.views import GraphQLView
from strawberry.extensions import AddValidationRules
from werkzeug.utils import secure_filename

app = Flask(__name__)
UPLOADS = "/srv/uploads"
DEBUG = os.environ.get("DEBUG") == "1"


@app.route("/delete", methods=["GET", "POST"])
# ruleid: methods-mixed
def delete():
    return remove(request.values["id"])


@app.route("/edit", methods=["GET", "POST"])
# ok: methods-mixed
def edit():
    if request.method == "POST":
        store(request.form)
    return page()


@app.route("/show", methods=["GET", "HEAD"])
# ok: methods-mixed
def show():
    return page()


# ruleid: graphql-console, graphql-unlimited
view = GraphQLView.as_view(graphiql=True)
# ok: graphql-console, graphql-unlimited
view = GraphQLView.as_view(graphiql=DEBUG, validation_rules=[1])
# ok: graphql-console
GraphQLView(graphiql=True)
# ruleid: graphql-unlimited
strawberry.Schema(query=int)
# ruleid: graphql-introspection, graphql-unlimited
GraphQL(view, introspection=True)
# ok: graphql-introspection, graphql-unlimited
GraphQL(view, introspection=DEBUG, validation_rules=[1])
# ok: graphql-introspection
print(view, introspection=True)


def upload():
    file = request.files["file"]
    # ruleid: upload-name
    file.save(os.path.join(UPLOADS, file.filename))
    # ruleid: upload-name
    with open(f"{UPLOADS}/{file.filename}", "wb") as out:
        out.write(file.read())
    # ok: upload-name
    file.save(os.path.join(UPLOADS, secure_filename(file.filename)))
    # ok: upload-name
    file.save(os.path.join(UPLOADS, "file"))
    # ok: upload-name
    print(os.path.join(UPLOADS, file.filename))


# ruleid: upload-unlimited
app.config["MAX_CONTENT_LENGTH"] = None
# ruleid: upload-unlimited
web.Application(client_max_size=0)
# ruleid: upload-unlimited
DATA_UPLOAD_MAX_NUMBER_FIELDS = None
# ok: upload-unlimited
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024
# ok: upload-unlimited
web.Application(client_max_size=1024**2)
# ok: upload-unlimited
FILE_UPLOAD_TEMP_DIR = None

# ruleid: autoescape-off
app.jinja_env.autoescape = False
# ruleid: autoescape-off
tornado.web.Application([], autoescape=None)
# ruleid: autoescape-off
Jinja2Templates("templates", autoescape=False)
# ruleid: autoescape-off
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"autoescape": False}}]
# ok: autoescape-off
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"debug": False}}]
# ok: autoescape-off
Jinja2Templates("templates")
# ok: autoescape-off
app.jinja_env.auto_reload = False


def files(site, router):
    # ruleid: folder-listed
    router.add_static("/files", UPLOADS, show_index=True)
    # ruleid: folder-listed
    web.static("/files", UPLOADS, show_index=True)
    # ok: folder-listed
    router.add_static("/files", UPLOADS)
    # ok: folder-listed
    router.add_table("/files", show_index=True)
    # ruleid: static-links-followed
    router.add_static("/files", UPLOADS, follow_symlinks=True)
    # ruleid: static-links-followed
    StaticFiles(directory=UPLOADS, follow_symlink=True)
    # ok: static-links-followed
    StaticFiles(directory=UPLOADS)
    # ok: static-links-followed
    os.walk(UPLOADS, followlinks=True)
