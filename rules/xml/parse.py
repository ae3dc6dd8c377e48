# ruleid: xml-import
import xml.etree.ElementTree as ET
# ruleid: xml-import
import xml.sax
# ruleid: xml-import
from xml.dom import minidom
# ruleid: xmlrpc-import
import xmlrpc.client

# ruleid: xml-import
from lxml import etree


def parse(text, path, parser, mine):
    # ruleid: xml-parse
    ET.parse(path)
    # ruleid: xml-parse
    minidom.parseString(text)
    # ruleid: lxml-text, lxml-parse
    etree.fromstring(text)
    # ok: lxml-text
    # ruleid: lxml-parse
    etree.parse(path)
    # ok: lxml-text
    # ruleid: lxml-parse
    etree.fromstring("<a/>")
    # Near miss: by its name it comes from nowhere in particular.
    # ok: lxml-text
    # ruleid: lxml-parse
    etree.fromstring(domain.get_xml_desc())
    # ruleid: lxml-text, lxml-parse
    etree.fromstring(request.data)
    # ok: lxml-text, lxml-parse
    etree.fromstring(text, parser)
    # ruleid: xml-external-entities
    etree.XMLParser(resolve_entities=True)
    # ok: xml-external-entities
    etree.XMLParser(resolve_entities=False)
    # ruleid: xml-external-entities
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    # ok: xml-external-entities
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    # ok: xml-parse
    mine.parse(text)
    return xmlrpc


def other(text, mine):
    # ok: xml-parse, lxml-parse
    mine.parseString(text)
    # ok: xml-parse, lxml-parse
    ET.tostring(text)


# ok: xml-import, xmlrpc-import
import xmltodict
# ok: xml-import, xmlrpc-import
from mine import lxml, xmlrpclib
