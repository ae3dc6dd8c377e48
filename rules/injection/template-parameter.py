import jinja2
from jinja2 import Environment, FileSystemLoader, Template
from mako.template import Template as MakoTemplate

MAIL = "Hello {{ name }}"
environment = Environment(loader=FileSystemLoader("templates"))


def render(text, name):
    # ruleid: template-from-parameter
    Template(text).render(name=name)
    # ruleid: template-from-parameter
    MakoTemplate(text).render(name=name)
    # ok: template-from-parameter
    jinja2.Template(MAIL).render(name=name)
    # ok: template-from-parameter
    environment.get_template(name).render(text=text)
    # ok: template-from-parameter
    return MakoTemplate(filename=name).render(text=text)
