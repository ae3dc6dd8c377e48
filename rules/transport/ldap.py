import ldap
import ldap3


def empty(dn, password, mine):
    connection = ldap.initialize("ldaps://ldap.acme.com")
    # ruleid: ldap-empty-password
    connection.simple_bind_s(dn, "")
    # ruleid: ldap-empty-password
    connection.simple_bind_s(dn)
    # ruleid: ldap-empty-password
    ldap3.Connection(ldap3.Server("ldap.acme.com"), user=dn, password="")
    # ok: ldap-empty-password
    connection.simple_bind_s(dn, password)
    # ok: ldap-empty-password
    ldap3.Connection(ldap3.Server("ldap.acme.com"), user=dn, password=password)
    # Trap: a method of something else.
    # ok: ldap-empty-password, ldap-anonymous
    mine.simple_bind(dn)


def anonymous(server, dn, password):
    connection = ldap.initialize("ldaps://ldap.acme.com")
    # ruleid: ldap-anonymous
    connection.simple_bind_s()
    # ruleid: ldap-anonymous
    ldap3.Connection(server)
    # ok: ldap-anonymous
    ldap3.Connection(server, user=dn, password=password)
    # ok: ldap-anonymous
    connection.simple_bind_s(dn, password)
    # Trap: the login comes by Kerberos.
    # ok: ldap-anonymous
    ldap3.Connection(server, authentication=ldap3.SASL, sasl_mechanism=ldap3.KERBEROS)


def clear(dn, password):
    connection = ldap.initialize("ldap://ldap.acme.com")
    # ruleid: ldap-cleartext-bind
    connection.simple_bind_s(dn, password)
    connection.start_tls_s()
    # ok: ldap-cleartext-bind
    connection.simple_bind_s(dn, password)
    secure = ldap.initialize("ldaps://ldap.acme.com")
    # ok: ldap-cleartext-bind
    secure.simple_bind_s(dn, password)
    # Trap: on this machine.
    local = ldap.initialize("ldap://localhost:389")
    # ok: ldap-cleartext-bind
    local.simple_bind_s(dn, password)
