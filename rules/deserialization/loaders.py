import yaml


# ruleid: yaml-unsafe-loader-class
class IncludeLoader(yaml.Loader):
    pass


# ok: yaml-unsafe-loader-class
class SafeInclude(yaml.SafeLoader):
    pass


# Trap: a loader of something else.
# ok: yaml-unsafe-loader-class
class Loader:
    pass


def read(text, node):
    # ruleid: yaml-unsafe-loader
    yaml.Loader(text).get_single_data()
    # ok: yaml-unsafe-loader
    yaml.SafeLoader(text).get_single_data()
    # Trap: the constructor of another class.
    # ok: yaml-unsafe-loader
    Loader(node)
