"""Settings: defaults here, secrets from the environment, the rest from a file."""

import os
from pathlib import Path

import yaml

DEFAULTS = {
    "CURRENCY": "EUR",
    "PAGE_SIZE": 24,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": True,
    "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
    "DATABASE": "shop.db",
    "UPLOADS": "uploads",
}

SECRET_KEY = "k9#Lm2$Qz7!vRt4x"  # planted: secret-in-code CWE-798
SMTP_PASSWORD = os.environ.get("SHOP_SMTP_PASSWORD", "")
PAYMENT_TOKEN_NAME = "payment_token"


def load_settings():
    """Merge the defaults with the file that SHOP_SETTINGS names."""
    settings = dict(DEFAULTS)
    settings["SECRET_KEY"] = os.environ.get("SHOP_SECRET_KEY") or SECRET_KEY
    path = os.environ.get("SHOP_SETTINGS")
    if path:
        settings.update(read_settings(Path(path)))
    return settings


def read_settings(path):
    with path.open(encoding="utf-8") as file:
        loaded = yaml.safe_load(file)
    if not isinstance(loaded, dict):
        raise ValueError(f"{path} holds no settings")
    return {key.upper(): value for key, value in loaded.items()}


def read_theme(text):
    """A theme comes as YAML from a designer."""
    return yaml.load(text, Loader=yaml.Loader)  # planted: deserialization CWE-502


def feature_enabled(name, settings):
    """Features are switched by name, and off by default."""
    features = settings.get("FEATURES") or {}
    return bool(features.get(name, False))
