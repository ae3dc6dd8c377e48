from registry import Plugin


class Count(Plugin):
    priority = 1

    def __init__(self):
        self.seen = 0

    def transform(self, text):
        self.seen += len(text)
        return text

    def help(self):
        return "counts, %d so far" % self.seen


def setup(hooks):
    @hooks.on("done")
    def finish(text):
        print(summary(text))


def summary(text):
    return "%d characters" % len(text)
