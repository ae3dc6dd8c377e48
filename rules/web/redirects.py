import bottle
import tornado.web
from django.http import HttpResponseRedirect
from django.shortcuts import redirect as go
from django.utils.http import url_has_allowed_host_and_scheme
from flask import redirect, request, url_for
from starlette.responses import RedirectResponse

PLACES = {"start": "/"}


def flask_view():
    # ruleid: redirect-from-request
    return redirect(request.args["next"])


def flask_view_by_name():
    where = request.args.get("next")
    # ruleid: redirect-from-request
    return redirect(where)


def flask_view_or():
    # ruleid: redirect-from-request
    return redirect(request.args.get("next") or url_for("index"))


def flask_view_known():
    # ok: redirect-from-request
    return redirect(PLACES[request.args["next"]])


def flask_view_joined():
    # ok: redirect-from-request
    return redirect(url_for("show", id=request.args["id"]))


def flask_view_checked():
    where = request.args.get("next")
    if not is_safe(where):
        where = "/"
    # ok: redirect-from-request
    return redirect(where)


def django_view(request):
    # ruleid: redirect-from-request
    return HttpResponseRedirect(request.GET.get("next", "/"))


def django_view_checked(request):
    if url_has_allowed_host_and_scheme(request.GET["next"], allowed_hosts=None):
        # ok: redirect-from-request
        return go(request.GET["next"])
    return go("/")


async def starlette_view(request):
    # ruleid: redirect-from-request
    return RedirectResponse(url=request.query_params["next"])


class Handler(tornado.web.RequestHandler):
    def get(self):
        # ruleid: redirect-from-request
        self.redirect(self.get_argument("next"))


class Queue:
    def get(self, job):
        # ok: redirect-from-request
        self.redirect(job.get_argument("next"))


def clear():
    # ruleid: redirect-to-http
    bottle.redirect("http://docs.python.org/")
    # ruleid: redirect-to-http
    return redirect("http://www.python.org/" + request.path)


def not_clear(base):
    # ok: redirect-to-http
    bottle.redirect("https://docs.python.org/")
    # ok: redirect-to-http
    bottle.redirect("http://localhost:8080/")
    # ok: redirect-to-http
    return redirect(base + "/http://docs.python.org/")
