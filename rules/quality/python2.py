def ask(mine):
    # ruleid: input-call
    name = input("name: ")
    # ok: input-call
    mine.input()
    # ok: input-call
    return name, mine.input
