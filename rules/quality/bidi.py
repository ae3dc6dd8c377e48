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
