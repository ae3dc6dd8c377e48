from django.db.models.expressions import RawSQL

from blog.models import Entry


def entries(title, where, result):
    # ruleid: django-extra
    Entry.objects.extra(where=["title = '%s'" % title])
    # ruleid: django-extra
    Entry.objects.filter(live=True).extra(select={"n": f"select count(*) from hits where title = '{title}'"})
    # ruleid: django-extra
    Entry.objects.extra(tables=[title])

    # Near miss: placeholders, and the values beside them.
    # ok: django-extra
    Entry.objects.extra(where=["title = %s"], params=[title])
    # ok: django-extra
    Entry.objects.extra(select={"recent": "date > '2020-01-01'"}, order_by=["-recent"])

    # Trap: an attribute of that name.
    # ok: django-extra
    result.extra[title] = where

    # ruleid: django-rawsql
    RawSQL("select count(*) from hits where title = '%s'" % title, ())
    # ruleid: django-rawsql
    RawSQL(sql=where, params=())
    # Near miss: a placeholder.
    # ok: django-rawsql
    RawSQL("select count(*) from hits where title = %s", (title,))
    # Trap: a variable, but among the values.
    # ok: django-rawsql
    return RawSQL(sql="select 1 where %s", params=(where,))
