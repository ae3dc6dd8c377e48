class Hooks:
    def __init__(self):
        self._hooks = {}

    def on(self, name):
        def register(f):
            self._hooks.setdefault(name, []).append(f)
            return f

        return register

    def run(self, name, *args):
        return [hook(*args) for hook in self._hooks.get(name, ())]


HOOKS = Hooks()


class Plugin:
    known = {}
    priority = 0

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Plugin.known[cls.__name__] = cls

    @classmethod
    def make_all(cls):
        return [k.create() for k in sorted(cls.known.values(), key=lambda k: k.priority)]

    @classmethod
    def create(cls):
        return cls()

    def __call__(self, text):
        return self.transform(text)

    def transform(self, text):
        raise NotImplementedError

    def describe(self):
        return "%s: %s" % (type(self).__name__, self.help())

    def help(self):
        return "no help"
