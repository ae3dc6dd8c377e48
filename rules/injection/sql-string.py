import sqlite3

from sqlalchemy import text

USERS = "users"


def find(cursor, session, name, table, ids, log, pool):
    # ruleid: sql-injection-string, sql-string
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)
    # ruleid: sql-injection-string, sql-string
    cursor.execute("DELETE FROM users WHERE name = '" + name + "'")
    # ruleid: sql-injection-string, sql-string
    cursor.executescript(f"UPDATE users SET active = 0 WHERE name = '{name}'")
    # ruleid: sql-injection-string, sql-string
    session.execute(text("INSERT INTO log VALUES ('{}')".format(name)))

    # Through a variable, where the statement is built a line before.
    # ruleid: sql-string
    query = "SELECT * FROM users WHERE name = '" + name + "'"
    # ruleid: sql-injection-string
    cursor.execute(query)

    # Near miss: placeholders.
    # ok: sql-injection-string, sql-string
    cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
    # ok: sql-injection-string
    # ruleid: sql-string
    cursor.execute("SELECT * FROM users WHERE id IN (%s)" % ", ".join("?" * len(ids)), ids)

    # Near miss: put together, but from constants.
    # ok: sql-injection-string
    # ruleid: sql-string
    sqlite3.connect("shop.db").execute("SELECT * FROM " + USERS + " WHERE id = 1")

    # Trap: English that reads like SQL, and an execute that is no database's.
    # ok: sql-injection-string, sql-string
    log.info("please select %s or delete it" % name)
    # ok: sql-injection-string, sql-string
    pool.execute("job-" + name)


def built_before(cursor, db, client, name, column, values):
    # ruleid: sql-string
    q = "SELECT * FROM users WHERE name = '" + name + "'"
    with db:
        # ruleid: sql-injection-string
        cursor.execute(q)

    # ruleid: sql-string
    w = f"SELECT * FROM users WHERE name = '{name}'"
    # ruleid: sql-injection-string
    db.session.execute(w)

    template = "SELECT * FROM users WHERE name = '%s'"
    # ruleid: sql-injection-string
    cursor.execute(template % name)

    # A condition that is hung on.
    listing = "SELECT * FROM users"
    listing += " WHERE name = '" + name + "'"
    # ruleid: sql-injection-string
    cursor.execute(listing)

    # ruleid: sql-injection-string, sql-string
    client.query(query=f"SELECT * FROM users WHERE name = '{name}'")
    # ruleid: sql-injection-string
    cursor.execute(" ".join(["SELECT * FROM users WHERE name =", name]))
    # ruleid: sql-injection-string, sql-string
    cursor.execute("SELECT * FROM users WHERE name = '$n'".replace("$n", name))
    # ruleid: sql-injection-string
    cursor.execute("CALL rename('%s')" % name)

    # Near miss: the condition that is hung on has a placeholder.
    count = "SELECT count(*) FROM users"
    count += " WHERE name = ?"
    # ok: sql-injection-string
    cursor.execute(count, (name,))

    # ok: sql-injection-string
    # ruleid: sql-string
    cursor.execute("DELETE FROM users WHERE id = %d" % name)

    # Trap: the text is a constant on every way that leads here.
    fixed = "SELECT * FROM users "
    fixed += "WHERE active = 1"
    # ok: sql-injection-string
    cursor.execute(fixed)
    # Trap: `query` of a search engine, `raw` of a response.
    # ok: sql-injection-string
    client.query("title:" + name)
    # ok: sql-injection-string
    client.raw("/users/%s" % name)


def schema(conn, table, name):
    script = "UPDATE %(t)s SET sort='%(v)s'"
    # Parts that are written here.
    # ok: sql-injection-string
    conn.executescript(script % dict(t="authors", v="a"))
    # ruleid: sql-injection-string
    conn.executescript(script % dict(t="authors", v=name))
    # ok: sql-injection-string
    # ruleid: sql-string
    conn.execute("CREATE VIEW v_%s AS SELECT id FROM %s WHERE kind=%s.kind" % (table, table, table))
    # Trap: a statement that takes values, and begins with another word.
    # ruleid: sql-injection-string, sql-string
    conn.execute("INSERT INTO views SELECT id FROM views WHERE name='%s'" % name)


def typed(session, name, table, limit, statement):
    # The text that is written here has a place for a name only.
    # ruleid: sql-string
    query = "SELECT id FROM %s" % table
    # ok: sql-injection-string
    session.execute(query)
    # Trap: a number is added to an expression, not to a text.
    statement = statement.limit(limit + 1)
    # ok: sql-injection-string
    session.execute(statement)
    # ok: sql-injection-string
    # ruleid: sql-string
    session.execute(f"UPDATE users SET admin = {FALSE} WHERE admin = {TRUE}")
    # ruleid: sql-injection-string, sql-string
    session.execute(f"UPDATE users SET admin = {FALSE} WHERE name = {name}")
    # ok: sql-injection-string
    session.execute("ATTACH DATABASE '{}' WHERE a=b".format(name.replace("'", "''")))
    query = BASE + name
    # ruleid: sql-injection-string
    session.execute(query)


class Report:
    PREFIX = "report_"
    DROP_VIEW = "DROP MATERIALIZED VIEW IF EXISTS %s%s"
    DELETE = "DELETE FROM reports WHERE name = '%s%s'"

    @classmethod
    def drop(cls, cursor, name):
        drop_sql = cls.DROP_VIEW % (cls.PREFIX, name)
        # ok: sql-injection-string
        cursor.execute(drop_sql)
        delete_sql = cls.DELETE % (cls.PREFIX, name)
        # ruleid: sql-injection-string
        cursor.execute(delete_sql)
