"""Plugins that are found by importing, registered by subclassing, and run through hooks."""
import importlib

import registry


def load(names):
    for name in names:
        module = importlib.import_module("plugin_" + name)
        if hasattr(module, "setup"):
            module.setup(registry.HOOKS)


def main():
    load(["upper", "count"])
    text = "some words here"
    for plugin in registry.Plugin.make_all():
        text = plugin(text)
        print(plugin.describe())
    registry.HOOKS.run("done", text)


if __name__ == "__main__":
    main()
