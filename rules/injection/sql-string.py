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
