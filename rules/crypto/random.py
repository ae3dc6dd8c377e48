import random
import secrets
from random import choice


def make_token(n):
    # ruleid: random-for-secret, random-call
    return "".join(random.choice("abc") for _ in range(n))


def shuffle_cards(deck, n, dice, send):
    # ruleid: random-for-secret, random-call
    reset_token = choice(deck)
    # ruleid: random-for-secret, random-call
    send(token=random.random())
    # ruleid: random-for-secret, random-call
    row = {"id": n, "session_key": random.getrandbits(64)}
    # ok: random-for-secret
    # ruleid: random-call
    card = random.randint(0, 51)
    # ok: random-for-secret
    # ruleid: random-call
    tokenizer_seed = random.random()
    # ok: random-for-secret, random-call
    key = secrets.token_hex(16)
    # ok: random-call
    dice.random()
    # ok: random-for-secret, random-call
    session_id = random.SystemRandom().random()
    return row, reset_token, card, tokenizer_seed, key, session_id


def usage():
    # Near miss: how many, not which.
    # ok: random-for-secret
    # ruleid: random-call
    metadata = {"tokens": random.randint(1, 1000)}
    # ruleid: random-for-secret, random-call
    return metadata, {"token": random.randint(1, 1000)}


class Dice(random.Random):
    pass


def drawn():
    # ruleid: random-call
    weak, dice, system = random.Random(7), Dice(), random.SystemRandom()
    # ruleid: random-for-secret
    reset_token = weak.random()
    # ruleid: random-for-secret
    session_key = dice.getrandbits(64)
    # ok: random-for-secret
    api_key = system.getrandbits(64)
    return reset_token, session_key, api_key
