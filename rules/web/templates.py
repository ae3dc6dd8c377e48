import jinja2
from django.utils.html import escape
from django.utils.safestring import mark_safe
from jinja2 import select_autoescape
from mako.template import Template
from markupsafe import Markup


def page(name, text, loader, mine):
    # ruleid: jinja-autoescape, jinja-no-autoescape
    jinja2.Environment(autoescape=False)
    # ok: jinja-autoescape
    # ruleid: jinja-no-autoescape
    jinja2.Environment(loader=loader)
    # ok: jinja-autoescape, jinja-no-autoescape
    jinja2.Environment(autoescape=True)
    # ok: jinja-no-autoescape
    jinja2.Environment(autoescape=select_autoescape())
    # ruleid: mako-template
    Template(text)
    # ok: mako-template
    jinja2.Template(text)
    # ok: mako-template, markup, mark-safe
    mine.Template(text)
    # ruleid: mark-safe, mark-safe-call
    mark_safe("<b>" + name)
    # ok: mark-safe
    # ruleid: mark-safe-call
    mark_safe("<br>")
    # ok: mark-safe
    # ruleid: mark-safe-call
    mark_safe(escape(name))
    # ok: mark-safe-call
    mine.mark_safe(name)
    # ruleid: markup
    Markup(name)
    # ruleid: markup
    Markup(f"<b>{name}</b>")
    # ok: markup, mark-safe-call
    Markup("<b>{}</b>").format(name)
