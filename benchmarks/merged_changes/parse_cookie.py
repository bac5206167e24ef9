"""Cookie headers as browsers send them."""

import random

from werkzeug.sansio.http import parse_cookie

sizes = (20, 200)


def make_input(seed, size):
    rng = random.Random(seed)
    return ["; ".join(pair(rng) for _ in range(rng.randint(1, 12))) for _ in range(size)]


def pair(rng):
    name = rng.choice(("session", "csrftoken", "_ga", "theme", "lang", "consent"))
    value = f"{rng.getrandbits(rng.choice((16, 64, 256))):x}"
    return f'{name}="{value}"' if rng.random() < 0.1 else f"{name}={value}"


def run(cookies):
    return [list(parse_cookie(cookie).items(multi=True)) for cookie in cookies]
