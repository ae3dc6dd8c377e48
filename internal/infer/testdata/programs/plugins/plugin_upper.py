from registry import HOOKS, Plugin


class Upper(Plugin):
    priority = 2

    def transform(self, text):
        return " ".join(map(self.word, text.split()))

    def word(self, w):
        return w.upper()


@HOOKS.on("done")
def report(text):
    print("upper is done with", text)
