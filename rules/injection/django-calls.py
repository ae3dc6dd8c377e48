from django.db.models.expressions import RawSQL


def query(User, text, mine):
    # ruleid: django-extra-call
    User.objects.all().extra(where=[text])
    # ok: django-extra-call
    User.objects.all().extra(order_by=["name"])
    # ok: django-extra-call, rawsql-call
    mine.extra()
    # ruleid: rawsql-call
    User.objects.annotate(val=RawSQL(text, []))
    # ok: rawsql-call, django-extra-call
    mine.RawSQL(text)
