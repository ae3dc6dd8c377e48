import ruamel.yaml
import yaml
from yaml import SafeLoader, UnsafeLoader, load


class IncludeLoader(yaml.SafeLoader):
    pass


def read(text, mine):
    # ruleid: yaml-load
    yaml.load(text)
    # ruleid: yaml-load, yaml-load-call
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: yaml-load, yaml-load-call
    load(text, Loader=UnsafeLoader)
    # ruleid: yaml-load
    yaml.unsafe_load(text)
    # ruleid: yaml-load, yaml-load-call
    yaml.load(stream=text, Loader=yaml.CLoader)
    # ruleid: yaml-load
    ruamel.yaml.YAML(typ="unsafe").load(text)
    # ruleid: yaml-full-load
    yaml.full_load(text)
    # ruleid: yaml-full-load, yaml-load-call
    yaml.load(text, Loader=yaml.FullLoader)
    # ok: yaml-load, yaml-full-load
    # ruleid: yaml-load-call
    yaml.load(text, Loader=IncludeLoader)
    # ok: yaml-load, yaml-full-load
    yaml.safe_load(text)
    # ok: yaml-load, yaml-load-call
    load(text, Loader=SafeLoader)
    # ok: yaml-load, yaml-load-call
    yaml.load(text, yaml.CSafeLoader)
    # ok: yaml-load
    ruamel.yaml.YAML(typ="safe").load(text)
    # ok: yaml-load, yaml-full-load
    mine.load(text)
    # ok: yaml-full-load
    mine.full_load(text)


def of_ruamel(text):
    yaml = ruamel.yaml.YAML()
    # Trap: an object, and the name of a module.
    # ok: yaml-load
    yaml.load(text)
