import ast
import base64
import html
import json
import os
import pickle
import shlex
import subprocess
import sys

import jinja2
import jinja2.sandbox
import sqlalchemy
import yaml
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from flask import Flask, render_template_string, request

app = Flask(__name__)


def calculate():
    # ruleid: code-from-outside
    a = eval(request.args["sum"])
    # ruleid: code-from-outside
    b = eval("lambda x: " + request.form.get("body", "x"))
    # ok: code-from-outside
    c = ast.literal_eval(request.args["sum"])
    # ok: code-from-outside
    d = eval(TABLE[request.args["name"]])
    # ok: code-from-outside
    e = eval(str(int(request.args["sum"])))
    return a, b, c, d, e


# ruleid: code-from-outside
exec(input("> "))

flag = os.getenv("FLAG", "False")
if flag in ("True", "False"):
    # ok: code-from-outside
    eval(flag)


@app.route("/ping/<host>/<int:count>")
def ping(host, count):
    # ruleid: command-from-outside
    os.system("ping " + host)
    # ok: command-from-outside
    os.system(f"ping -c {count} localhost")
    # ok: command-from-outside
    os.system("ping " + shlex.quote(host))
    # ok: command-from-outside
    subprocess.run(["ping", host])
    # ruleid: command-from-outside
    subprocess.run(["sh", "-c", "ping " + host])
    # ok: command-from-outside
    subprocess.run(["sh", "-c", 'ping "$1"', "sh", host])
    # ruleid: command-from-outside
    return subprocess.check_output(f"ping {host}", shell=True)


def main():
    # ruleid: command-from-outside
    subprocess.call("make " + sys.argv[1], shell=True)
    # ok: command-from-outside
    subprocess.call([sys.argv[1]])
    # ok: command-from-outside
    subprocess.call(sys.argv[1], shell=False)


def user(request, cursor, session):
    name = request.GET.get("name")
    # ruleid: sql-from-outside
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)
    # ruleid: sql-from-outside
    session.execute(sqlalchemy.text(f"select * from users where name = '{name}'"))
    # ok: sql-from-outside
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
    # ok: sql-from-outside
    cursor.execute("SELECT * FROM users LIMIT %d" % int(request.GET["n"]))
    # ok: sql-from-outside
    session.execute(request.GET["plan"])
    query = "SELECT * FROM users"
    if name:
        query += " WHERE name = '" + name + "'"
    # ruleid: sql-from-outside
    cursor.execute(query)


def page(request, name):
    # ruleid: html-from-outside
    a = mark_safe("<b>" + request.GET["name"] + "</b>")
    # ruleid: html-from-outside
    b = mark_safe(json.dumps(dict(request.GET.items())))
    # ruleid: html-from-outside
    c = format_html(f"<b>{request.GET['name']}</b>")
    # ok: html-from-outside
    d = format_html("<b>{}</b>", request.GET["name"])
    # ok: html-from-outside
    e = mark_safe("<b>" + html.escape(request.GET["name"]) + "</b>")
    # ok: html-from-outside
    f = mark_safe(name)
    # ok: html-from-outside
    g = mark_safe(request.GET.urlencode())
    return a, b, c, d, e, f, g


@app.get("/hello")
def hello():
    # ruleid: template-from-outside
    a = render_template_string("Hello " + request.args["name"])
    # ok: template-from-outside
    b = render_template_string("Hello {{ name }}", name=request.args["name"])
    # ruleid: template-from-outside
    c = jinja2.Environment(autoescape=True).from_string(request.form["template"])
    # ok: template-from-outside
    d = jinja2.sandbox.SandboxedEnvironment(autoescape=True).from_string(request.form["template"])
    return a, b, c, d


def restore(event, context):
    # ruleid: objects-from-outside
    pickle.loads(base64.b64decode(event["body"]))
    # ok: objects-from-outside
    json.loads(base64.b64decode(event["body"]))
    # ruleid: objects-from-outside
    yaml.load(event["body"], Loader=yaml.Loader)
    # ok: objects-from-outside
    yaml.load(event["body"], Loader=yaml.SafeLoader)
    # ok: objects-from-outside
    pickle.loads(verified(event["body"]))
