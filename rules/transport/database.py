import os

import ldap3
import psycopg2
import pymongo
import pymysql

EMPTY = ""


def opened(host, password):
    # ruleid: database-empty-password
    pymysql.connect(host="db.acme.com", user="app", password="")
    # ruleid: database-empty-password
    psycopg2.connect(host=host, user="app", password=EMPTY)
    # ok: database-empty-password
    pymysql.connect(host="db.acme.com", user="app", password=os.environ["DB_PASSWORD"])
    # ok: database-empty-password
    psycopg2.connect(host=host, user="app")
    # Trap: on this machine.
    # ok: database-empty-password
    pymysql.connect(host="localhost", user="app", password="")


def logins(uri, server):
    # ruleid: database-weak-login
    pymongo.MongoClient(uri, authMechanism="MONGODB-CR")
    # ruleid: database-weak-login
    ldap3.Connection(server, authentication=ldap3.SASL, sasl_mechanism="DIGEST-MD5")
    # ok: database-weak-login
    pymongo.MongoClient(uri, authMechanism="SCRAM-SHA-256")
    # ok: database-weak-login
    ldap3.Connection(server, authentication=ldap3.SASL, sasl_mechanism="EXTERNAL")
