"""A template engine: a compiler with a stack, filters by name, loaders behind one another, escaping by wrapper types."""
import html
import re


class Markup(str):
    def __add__(self, other):
        return Markup(str(self) + escape(other))

    def __mod__(self, args):
        return Markup(str.__mod__(self, tuple(escape(a) for a in args)))

    def __html__(self):
        return self


def escape(value):
    if hasattr(value, "__html__"):
        return value.__html__()
    return Markup(html.escape(str(value)))


class Text:
    def __init__(self, text):
        self.text = text

    def render(self, context):
        yield Markup(self.text)


class Output:
    def __init__(self, expression, filters):
        self.expression, self.filters = expression, filters

    def render(self, context):
        value = context.lookup(self.expression)
        for f in self.filters:
            value = f(value)
        yield escape(value)


class For:
    def __init__(self, name, source, body):
        self.name, self.source, self.body = name, source, body

    def render(self, context):
        for value in context.lookup(self.source):
            with context.push(**{self.name: value}):
                for node in self.body:
                    yield from node.render(context)


class Include:
    def __init__(self, env, name):
        self.env, self.name = env, name

    def render(self, context):
        yield from self.env.get(self.name).parts(context)


class Context:
    def __init__(self, values):
        self.stack = [values]

    def push(self, **values):
        return Frame(self.stack, values)

    def lookup(self, path):
        first, *rest = path.split(".")
        value = self.find(first)
        for name in rest:
            value = self.attribute(value, name)
        return value

    def find(self, name):
        for frame in reversed(self.stack):
            if name in frame:
                return frame[name]
        return Undefined(name)

    @staticmethod
    def attribute(value, name):
        got = getattr(value, name, None)
        return got() if callable(got) else got


class Frame:
    def __init__(self, stack, values):
        self.stack, self.values = stack, values

    def __enter__(self):
        self.stack.append(self.values)

    def __exit__(self, *exc):
        self.stack.pop()


class Undefined:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return ""

    def __iter__(self):
        return iter(())


class Template:
    def __init__(self, nodes):
        self.nodes = nodes

    def parts(self, context):
        for node in self.nodes:
            yield from node.render(context)

    def render(self, **values):
        return Markup("").join(self.parts(Context(values)))


class Compiler:
    tag = re.compile(r"{%\s*(\w+)\s*(.*?)\s*%}|{{\s*(.*?)\s*}}")

    def __init__(self, env):
        self.env = env
        self.open = [[]]
        self.pending = []

    def compile(self, text):
        at = 0
        for m in self.tag.finditer(text):
            self.emit(Text(text[at:m.start()]))
            at = m.end()
            if m.group(1):
                getattr(self, "tag_" + m.group(1))(m.group(2))
            else:
                self.output(m.group(3))
        self.emit(Text(text[at:]))
        return Template(self.open.pop())

    def emit(self, node):
        self.open[-1].append(node)

    def output(self, text):
        expression, *names = [p.strip() for p in text.split("|")]
        self.emit(Output(expression, [self.env.filters[n] for n in names]))

    def tag_for(self, rest):
        self.pending.append(rest.split(" in "))
        self.open.append([])

    def tag_endfor(self, rest):
        body, (name, source) = self.open.pop(), self.pending.pop()
        self.emit(For(name, source, body))

    def tag_include(self, rest):
        self.emit(Include(self.env, rest.strip("'")))


class DictLoader:
    def __init__(self, files):
        self.files = files

    def load(self, name):
        return self.files.get(name)


class Fallback:
    def load(self, name):
        return self.default(name)

    def default(self, name):
        return "<!-- %s -->" % name


class Environment:
    def __init__(self, *loaders):
        self.loaders = loaders
        self.cache = {}
        self.filters = {"upper": str.upper, "title": title, "safe": Markup}

    def get(self, name):
        if name not in self.cache:
            self.cache[name] = Compiler(self).compile(self.source(name))
        return self.cache[name]

    def source(self, name):
        for loader in self.loaders:
            text = loader.load(name)
            if text is not None:
                return text


def title(value):
    return value.title()


class User:
    def __init__(self, name):
        self.name = name

    def initials(self):
        return "".join(w[0] for w in self.name.split())


env = Environment(DictLoader({"page": "{% include 'head' %}{% for u in users %}{{ u.name | title }}={{ u.initials }};{% endfor %}{{ nothing }}"}), Fallback())
print(env.get("page").render(users=[User("ann <b>"), User("bo x")]))
print(Markup("<i>%s</i>") % ("<",) + "&")
