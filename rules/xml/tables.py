import pandas


def tables(upload):
    # ruleid: xml-into-tables
    pandas.read_xml(upload)
    # ok: xml-into-tables
    pandas.read_xml(upload, parser="etree")
    # ok: xml-into-tables
    pandas.read_csv(upload)
