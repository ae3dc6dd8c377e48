from pysnmp.hlapi import CommunityData, UsmUserData


def users(auth, priv):
    # ruleid: snmp-version
    CommunityData("public", mpModel=0)
    # ruleid: snmp-version
    CommunityData("public")
    # ok: snmp-version
    CommunityData("public", mpModel=3)
    # ruleid: snmp-weak-user
    UsmUserData("monitor")
    # ruleid: snmp-weak-user
    UsmUserData("monitor", auth)
    # ok: snmp-weak-user
    UsmUserData("monitor", auth, priv)


def other(mine, level):
    # ok: snmp-version, snmp-weak-user
    mine.CommunityData("public", mpModel=0)
    # ok: snmp-version, snmp-weak-user
    CommunityData("public", mpModel=level)
