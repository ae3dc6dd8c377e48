import yaml
from yaml import SafeLoader, UnsafeLoader, load


def read(text, mine):
    # ruleid: yaml-load
    yaml.load(text)
    # ruleid: yaml-load
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: yaml-load
    load(text, Loader=UnsafeLoader)
    # ruleid: yaml-load
    yaml.unsafe_load(text)
    # ok: yaml-load
    yaml.safe_load(text)
    # ok: yaml-load
    load(text, Loader=SafeLoader)
    # ok: yaml-load
    yaml.load(text, yaml.CSafeLoader)
    # ok: yaml-load
    mine.load(text)
