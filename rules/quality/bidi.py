def check(role):
    # ruleid: bidirectional-text
    if role == "user‮":
        return 1
    # ok: bidirectional-text
    if role == "us\u202eer":
        return 2
    # ok: bidirectional-text
    return "שלום"


def date(day):
    # A mark that turns no words: for strict.
    # ok: bidirectional-text
    # ruleid: bidirectional-mark
    return "d‏/m‏/Y"


def written(day, kind):
    # Near miss: the escape, and a word that needs none.
    # ok: bidirectional-text, bidirectional-mark
    mark = "d\u200f/m"
    # Trap: a space of no width is no mark of direction.
    # ok: bidirectional-text, bidirectional-mark
    if kind == "a​b":
        return mark
    # ok: bidirectional-text, bidirectional-mark
    return "של"
