"""Payments: the provider's API, and the sealed notes about cards."""

import json
import os

import requests
from Crypto.Cipher import AES, DES
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import db

API = "https://pay.example.com/v2"
TIMEOUT = 10


def charge(order_id, amount, card_token):
    """Take the money, and note it with the order."""
    answer = requests.post(
        f"{API}/charges",
        json={"order": order_id, "amount": amount, "source": card_token},
        headers={"Authorization": "Bearer " + os.environ["SHOP_PAYMENT_TOKEN"]},
        timeout=TIMEOUT,
    )
    answer.raise_for_status()
    db.write("UPDATE orders SET status = 'paid' WHERE id = ?", (order_id,))
    return answer.json()


def refund(charge_id):
    answer = requests.post(f"{API}/refunds", json={"charge": charge_id}, verify=False, timeout=TIMEOUT)  # planted: certificate-validation CWE-295
    return answer.ok


def provider_status():
    return requests.get(f"{API}/status", timeout=TIMEOUT).json()


def exchange_rates(url):
    """Rates of the day, from the bank that the settings name."""
    return requests.get(url).json()  # planted: missing-timeout CWE-400


def seal(key, note):
    """Encrypt a note about a card."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(note).encode(), None)


def unseal(key, sealed):
    return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], None))


def old_seal(key, note):
    return DES.new(key, DES.MODE_CFB).encrypt(json.dumps(note).encode())  # planted: weak-cipher CWE-327


def older_seal(key, block):
    return AES.new(key, AES.MODE_ECB).encrypt(block)  # planted: weak-cipher-mode CWE-327


def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def terminal_key():
    """A key for the old card terminals."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # planted: weak-key CWE-326
