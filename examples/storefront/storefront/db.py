"""The database: one connection a request, statements with placeholders."""

import sqlite3

from flask import current_app, g

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE, email TEXT, password TEXT, role TEXT DEFAULT 'customer'
);
CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY, title TEXT, description TEXT, price INTEGER, stock INTEGER, image TEXT
);
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, user INTEGER, status TEXT, total INTEGER, created TEXT
);
CREATE TABLE IF NOT EXISTS order_lines (
    order_id INTEGER, product INTEGER, quantity INTEGER, price INTEGER
);
"""


def connection():
    """The connection of this request."""
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
    return g.connection


def close_connection(error=None):
    opened = g.pop("connection", None)
    if opened is not None:
        opened.close()


def create_tables():
    connection().executescript(SCHEMA)


def one(statement, values=()):
    return connection().execute(statement, values).fetchone()


def many(statement, values=()):
    return connection().execute(statement, values).fetchall()


def write(statement, values=()):
    cursor = connection().execute(statement, values)
    connection().commit()
    return cursor.lastrowid


def search_products(text):
    """Products whose title holds the text."""
    cursor = connection().cursor()
    cursor.execute("SELECT * FROM products WHERE title LIKE '%" + text + "%'")  # planted: sql-injection CWE-89
    return cursor.fetchall()


def search_products_safely(text):
    return many("SELECT * FROM products WHERE title LIKE ?", (f"%{text}%",))


def orders_of(user_id, order_by):
    """A customer's orders, sorted by one of the columns that may be sorted by."""
    columns = {"date": "created", "total": "total", "status": "status"}
    column = columns.get(order_by, "created")
    statement = "SELECT * FROM orders WHERE user = ? ORDER BY " + column
    return many(statement, (user_id,))


def delete_user(name):
    connection().execute(f"DELETE FROM users WHERE name = '{name}'")  # planted: sql-injection CWE-89
    connection().commit()


def count(table):
    """Rows of one of our own tables."""
    if table not in ("users", "products", "orders"):
        raise ValueError(table)
    return one("SELECT COUNT(*) FROM " + table)[0]
