import itsdangerous
import rsa
import signxml
import xmlsec
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from OpenSSL import crypto


def algorithms(node, template):
    # ruleid: xml-signature-algorithm
    xmlsec.template.create(node, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA1)
    # ruleid: xml-signature-algorithm
    xmlsec.template.add_reference(template, xmlsec.constants.TransformSha1)
    # ruleid: xml-signature-algorithm
    method = OneLogin_Saml2_Constants.RSA_SHA1
    # ruleid: xml-signature-algorithm
    signxml.XMLSigner(signature_algorithm="rsa-sha1")
    # ok: xml-signature-algorithm
    xmlsec.template.create(node, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256)
    # ok: xml-signature-algorithm
    method = OneLogin_Saml2_Constants.RSA_SHA256
    # Trap: how keys are wrapped, by what is still sound.
    # ok: xml-signature-algorithm
    xmlsec.template.encrypted_data_create(template, xmlsec.Transform.AES256)
    return method


def signed(data, key):
    certificate = crypto.X509()
    # ruleid: signature-algorithm
    certificate.sign(key, "sha1")
    # ruleid: signature-algorithm
    rsa.sign(data, key, "MD5")
    # ok: signature-algorithm
    certificate.sign(key, "sha256")
    # ok: signature-algorithm
    rsa.sign(data, key, "SHA-256")
    # Trap: what is signed here is a letter.
    # ok: signature-algorithm
    data.sign(key, "sha1")


def unsigned(key):
    # ruleid: unsigned-token
    itsdangerous.Signer(key, algorithm=itsdangerous.NoneAlgorithm())
    # ruleid: unsigned-token
    itsdangerous.JSONWebSignatureSerializer(key, algorithm_name="none")
    # ok: unsigned-token
    itsdangerous.Signer(key)
    # ok: unsigned-token
    itsdangerous.Signer(key, algorithm=itsdangerous.HMACAlgorithm())


def believed(data, certificate, idp):
    # ruleid: xml-signature-unchecked
    signxml.XMLVerifier().verify(data)
    # ruleid: xml-signature-unchecked
    settings = {"strict": False, "sp": {}, "idp": idp}
    # ok: xml-signature-unchecked
    signxml.XMLVerifier().verify(data, x509_cert=certificate)
    # ok: xml-signature-unchecked
    settings = {"strict": True, "sp": {}, "idp": idp}
    # Trap: settings of something else.
    # ok: xml-signature-unchecked
    return settings, {"strict": False, "schema": idp}
