"""A command interpreter: commands by decorator, by method name and by table; options through argparse."""
import argparse
import cmd
import functools
import shlex
import sys

COMMANDS = {}


def command(name=None, **options):
    def wrap(f):
        @functools.wraps(f)
        def inner(session, args):
            return f(session, **vars(inner.parser.parse_args(args)))

        inner.parser = argparse.ArgumentParser(prog=f.__name__, add_help=False)
        for option, default in options.items():
            inner.parser.add_argument("--" + option, default=default, type=type(default))
        COMMANDS[name or f.__name__] = inner
        return inner

    return wrap


class Session:
    def __init__(self, out=print):
        self.out = out
        self.env = Env({"home": "/"})

    def execute(self, line):
        name, *args = shlex.split(line)
        if name in COMMANDS:
            return COMMANDS[name](self, args)
        method = getattr(self, "do_" + name, None)
        if method is None:
            return self.unknown(name)
        return method(*args)

    def unknown(self, name):
        self.out("what is " + name + "?")

    def do_set(self, key, value):
        self.env[key] = value

    def do_get(self, key):
        self.out(self.env.get(key) or self.env.missing(key))


class Env(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, self.clean(value))

    def clean(self, value):
        return value.strip()

    def missing(self, key):
        return "<no %s>" % key


@command(times=1, word="hello")
def say(session, times, word):
    for _ in range(times):
        emit(session, word)


@command("quit")
def leave(session):
    emit(session, "bye")
    raise SystemExit


def emit(session, text):
    session.out(text)


class Loop(cmd.Cmd):
    def __init__(self, session, lines):
        super().__init__()
        self.session = session
        self.cmdqueue = list(lines)

    def onecmd(self, line):
        self.session.execute(line)

    def preloop(self):
        emit(self.session, "welcome")


def main(out):
    loop = Loop(Session(out), ["set a ' 1 '", "get a", "get b", "say --times 2", "fly", "quit"])
    try:
        loop.cmdloop()
    except SystemExit:
        out("done")


main(lambda text: sys.stdout.write(text + "\n"))
