import xml.etree.ElementInclude
import xml.parsers.expat
import xml.sax
from xmlrpc.client import ServerProxy
from xmlrpc.server import SimpleXMLRPCServer

import cairosvg
import defusedxml.ElementTree
from lxml import etree


def guards(path, reader, other):
    # ruleid: xml-guard-off
    defusedxml.ElementTree.parse(path, forbid_entities=False)
    # ruleid: xml-guard-off
    reader.setFeature("http://xml.org/sax/features/external-general-entities", True)
    # ruleid: xml-guard-off, xml-parser-default
    etree.XMLParser(dtd_validation=True)
    # ruleid: xml-guard-off
    cairosvg.svg2png(url=path, unsafe=True)
    # ok: xml-guard-off
    defusedxml.ElementTree.parse(path, forbid_dtd=True)
    # ok: xml-guard-off
    reader.setFeature("http://xml.org/sax/features/external-general-entities", False)
    # Trap: another feature.
    # ok: xml-guard-off
    reader.setFeature("http://xml.org/sax/features/namespaces", True)
    # ok: xml-guard-off
    return xml.sax.make_parser(), other


def limits(path):
    # ruleid: xml-huge-tree
    etree.XMLParser(huge_tree=True, resolve_entities=False)
    # ok: xml-huge-tree
    etree.XMLParser(huge_tree=False, resolve_entities=False)
    # ruleid: xml-parser-default
    etree.XMLParser(remove_blank_text=True)
    # ok: xml-huge-tree, xml-parser-default
    etree.XMLParser(resolve_entities=False)
    # Trap: HTML has no entities of one's own.
    # ok: xml-parser-default
    etree.HTMLParser()


def handlers(parser, fetch, resolver):
    # ruleid: xml-external-handler
    parser.ExternalEntityRefHandler = fetch
    # ruleid: xml-external-handler
    parser.setEntityResolver(resolver)
    # ok: xml-external-handler
    parser.StartElementHandler = fetch
    # ok: xml-external-handler
    parser.setContentHandler(resolver)


def includes(path, other):
    tree = etree.parse(path, etree.XMLParser(resolve_entities=False))
    # ruleid: xml-include
    tree.xinclude()
    # ruleid: xml-include
    xml.etree.ElementInclude.include(other)
    # ok: xml-include
    tree.getroot()
    # Trap: another thing of that name.
    # ok: xml-include
    other.xinclude()


def sheets(sheet):
    # ruleid: xslt-unrestricted
    etree.XSLT(sheet)
    # ok: xslt-unrestricted
    etree.XSLT(sheet, access_control=etree.XSLTAccessControl.DENY_ALL)
    # ok: xslt-unrestricted
    etree.XPath("//a")


def servers():
    # ruleid: xmlrpc-server
    SimpleXMLRPCServer(("127.0.0.1", 8000))
    # ok: xmlrpc-server
    ServerProxy("https://rpc.acme.com")
    # ok: xmlrpc-server
    xml.parsers.expat.ParserCreate()
