from pathlib import Path

import jinja2
from flask import render_template, render_template_string

HELLO = "Hello {{ name }}"


def hello(name):
    # ruleid: template-from-variable
    return render_template_string("Hello " + name)


def greet(name, text):
    # ruleid: template-from-variable
    a = render_template_string(f"<h1>{name}</h1>")
    # ruleid: template-from-variable
    b = render_template_string(text, name=name)

    # ruleid: template-from-variable
    jinja2.Template("Hello " + name)
    # ok: template-from-variable
    jinja2.Template(text)

    # Near miss: a constant template with the value as its variable.
    # ok: template-from-variable
    c = render_template_string("Hello {{ name }}", name=name)
    # ok: template-from-variable
    d = render_template_string(HELLO, name=name)
    # ok: template-from-variable
    e = render_template_string(Path("hello.html").read_text(), name=name)

    # Trap: a template file whose name is put together is a question of paths, not of template language.
    # ok: template-from-variable
    f = render_template("mail/" + name + ".html", text=text)
    return a, b, c, d, e, f
