USERS = "users"


def tables(cursor, connection, table, column, log):
    # ruleid: sql-identifier
    cursor.execute("DROP TABLE " + table)
    # ruleid: sql-identifier
    cursor.execute(f"SELECT * FROM {table} WHERE id = 1")
    statement = "SELECT %s FROM users" % column
    # ruleid: sql-identifier
    cursor.execute(statement)

    # Near miss: the name is a constant, or it is quoted.
    # ok: sql-identifier
    cursor.execute("SELECT * FROM " + USERS)
    # ok: sql-identifier
    cursor.execute("DROP TABLE " + connection.ops.quote_name(table))

    # Trap: a value, which is another rule's.
    # ok: sql-identifier
    cursor.execute("SELECT * FROM users WHERE id = " + column)
    # ok: sql-identifier
    log.execute("drop " + table)
