import defusedxml.ElementTree
from xml.dom import minidom, pulldom


# ruleid: xml-parser-handed-on
a = read(pulldom.parse, stream)
# ruleid: xml-parser-handed-on
b = minidom.parseString
# ok: xml-parser-handed-on
c = read(defusedxml.ElementTree.parse, stream)
# ok: xml-parser-handed-on
d = minidom.parseString(text)
