def check(role):
    # ruleid: bidirectional-text
    if role == "user‮":
        return 1
    # ok: bidirectional-text
    if role == "us\u202eer":
        return 2
    # ok: bidirectional-text
    return "שלום"
