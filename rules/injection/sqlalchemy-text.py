from sqlalchemy import literal_column, text

TABLE = "users"


def find(query, name, term, mine):
    # ruleid: sqlalchemy-text
    query.filter(text("name = '%s'" % name))
    # ruleid: sqlalchemy-text
    query.filter(text(f"name like {name}"))
    # ruleid: sqlalchemy-text
    query.order_by(literal_column("age = " + term))

    # Near miss: a placeholder, a constant.
    # ok: sqlalchemy-text
    query.filter(text("name = :name").bindparams(name=name))
    # ok: sqlalchemy-text
    query.filter(text("age > 17 and kind = " + "'a'"))

    # Trap: a function of that name, and text that is no SQL.
    # ok: sqlalchemy-text
    mine.text("name = '%s'" % name)
    # ok: sqlalchemy-text
    return text("now()")
