import html

import jinja2
import markupsafe
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe
from jinja2 import select_autoescape
from mako.template import Template
from markupsafe import Markup

BREAK = "<br>"
ROW = "<tr><td>" + str(BREAK) + "</td><td>{}</td></tr>"


def page(name, text, loader, mine):
    # ruleid: jinja-autoescape, jinja-no-autoescape
    jinja2.Environment(autoescape=False)
    # ok: jinja-autoescape
    # ruleid: jinja-no-autoescape, jinja-escapes-nothing
    jinja2.Environment(loader=loader)
    # ok: jinja-escapes-nothing
    # ruleid: jinja-no-autoescape
    jinja2.Environment(**mine.options)
    # ok: jinja-autoescape, jinja-no-autoescape, jinja-escapes-nothing
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
    snippet = format_html("<b>{}</b>", name)
    # ok: mark-safe
    # ruleid: mark-safe-call
    mark_safe(snippet)
    query = loader.urlencode()
    # ok: mark-safe
    # ruleid: mark-safe-call
    mark_safe("?" + query)
    # ok: format-html-string
    format_html(ROW, name)
    # ok: mark-safe-call
    mine.mark_safe(name)
    # ruleid: markup, markup-call
    Markup(name)
    # ruleid: markup, markup-call
    Markup(f"<b>{name}</b>")
    # ok: markup, markup-call, mark-safe-call
    Markup("<b>{}</b>").format(name)
    # ok: markup
    # ruleid: markup-call
    Markup(BREAK)
    # ok: markup
    # ruleid: markup-call
    Markup("<b>" + markupsafe.escape(name) + "</b>")
    # ok: markup-call
    mine.Markup(name)
    # ruleid: format-html-string
    format_html(f"<b>{name}</b>")
    # ruleid: format-html-string
    format_html("<b>%s</b>" % name)
    # ok: format-html-string
    format_html("<b>{}</b>", name)
    # ok: format-html-string
    mine.format_html("<b>" + name)


def own(form, template, name, text, autoescape):
    # ok: mark-safe
    # ruleid: mark-safe-call
    a = mark_safe(form.as_p())
    # ok: mark-safe
    # ruleid: mark-safe-call
    b = mark_safe(template.render({"name": name}))
    # ruleid: mark-safe, mark-safe-call
    c = mark_safe("<p>" + name.as_text())
    # A variable alone, which may hold markup that is meant.
    # ok: mark-safe
    # ruleid: mark-safe-call
    d = mark_safe(name)
    return a, b, c, d


@register.filter
def shout(value):
    # ruleid: mark-safe, mark-safe-call
    return mark_safe(value.upper())


def selection(values, url):
    options = ""
    for n in values:
        options += "<option>%d</option>" % n
    # ok: mark-safe
    # ruleid: mark-safe-call
    a = mark_safe("<select>" + options + "</select>")
    items = [format_html("<ul{}>", attributes(values))]
    items.append(format_html("<li>{}</li>", url))
    # ok: mark-safe
    # ruleid: mark-safe-call
    b = mark_safe("\n".join(items))
    title = _("Locked") if values else _("Unlocked")
    # ok: mark-safe
    # ruleid: mark-safe-call
    c = mark_safe('<span title="{}"></span>'.format(title))
    # ruleid: mark-safe, mark-safe-call
    d = mark_safe('<a href="%s">%d</a>' % (url, len(values)))
    return a, b, c, d


def escaped(text, autoescape=True):
    if autoescape:
        text = conditional_escape(text)
    # ok: mark-safe
    # ruleid: mark-safe-call
    return mark_safe("<p>%s</p>" % text)


def rendered(views, title, data, value, is_safe, html):
    # ok: markup
    # ruleid: markup-call
    a = Markup(views.render_title_template("note.html", title=title))
    # ok: markup
    # ruleid: markup-call
    b = Markup(title).unescape()
    # ok: markup
    # ruleid: markup-call
    c = Markup(json.dumps(data).replace("<", "\\u003c"))
    # Trap: a sign that is none of HTML's.
    # ruleid: markup, markup-call
    d = Markup(title.replace("a", "b"))
    # ok: mark-safe
    # ruleid: mark-safe-call
    e = mark_safe(value) if is_safe else value
    # ruleid: mark-safe, mark-safe-call
    f = mark_safe("<p>" + value) if html else value
    return a, b, c, d, e, f


def by_library(text):
    # ok: mark-safe
    # ruleid: mark-safe-call
    return mark_safe(html.escape(str(text)))


def elsewhere(text):
    import django.utils.html

    # ruleid: mark-safe, mark-safe-call
    return django.utils.html.mark_safe("<b>" + text)
