import imaplib
import poplib
import smtplib
import ssl

import ldap3


def send(host, user, password, message):
    smtp = smtplib.SMTP(host)
    # ruleid: mail-login-cleartext
    smtp.login(user, password)
    smtp.send_message(message)


def fetch(host, user, password):
    box = imaplib.IMAP4(host)
    # ruleid: mail-login-cleartext
    box.login(user, password)
    pop = poplib.POP3(host)
    # ruleid: mail-login-cleartext
    pop.pass_(password)
    with smtplib.SMTP(host) as smtp:
        # ruleid: mail-login-cleartext
        smtp.login(user, password)


def encrypted(host, user, password):
    context = ssl.create_default_context()
    smtp = smtplib.SMTP(host)
    smtp.starttls(context=context)
    # ok: mail-login-cleartext
    smtp.login(user, password)
    with smtplib.SMTP_SSL(host, context=context) as other:
        # ok: mail-login-cleartext
        other.login(user, password)
    local = smtplib.SMTP("localhost", 1025)
    # Near miss: on this machine.
    # ok: mail-login-cleartext
    local.login(user, password)


def asked(host, user, password, tls):
    smtp = smtplib.SMTP(host)
    if tls:
        smtp.starttls(context=ssl.create_default_context())
    # Trap: on one way it was switched on.
    # ok: mail-login-cleartext
    smtp.login(user, password)


def bind(dn, password, address):
    # ruleid: ldap3-cleartext-bind
    ldap3.Connection(ldap3.Server("ldap.acme.com"), user=dn, password=password)
    server = ldap3.Server(address, port=389)
    # ruleid: ldap3-cleartext-bind
    connection = ldap3.Connection(server, dn, password, auto_bind=True)
    # ok: ldap3-cleartext-bind
    ldap3.Connection(ldap3.Server("ldap.acme.com", use_ssl=True), user=dn, password=password)
    # ok: ldap3-cleartext-bind
    ldap3.Connection(ldap3.Server("ldaps://ldap.acme.com"), user=dn, password=password)
    # ok: ldap3-cleartext-bind
    ldap3.Connection(server, dn, password, auto_bind=ldap3.AUTO_BIND_TLS_BEFORE_BIND)
    return connection


def upgraded(server, dn, password):
    # Trap: TLS is switched on before the bind.
    # ok: ldap3-cleartext-bind
    connection = ldap3.Connection(ldap3.Server("ldap.acme.com"), user=dn, password=password)
    connection.start_tls()
    connection.bind()
    return connection, server
