"""Responses of one connection: their headers are encoded, some of them seen before."""

import random

from hpack import Encoder

sizes = (10, 100)


def make_input(seed, size):
    rng = random.Random(seed)
    return [headers(rng) for _ in range(size)]


def headers(rng):
    return [
        (":status", rng.choice(("200", "204", "304", "404"))),
        ("content-type", rng.choice(("text/html; charset=utf-8", "application/json", "image/png"))),
        ("content-length", str(rng.randint(0, 1_000_000))),
        ("cache-control", "private, max-age=0"),
        ("x-request-id", f"{rng.getrandbits(128):032x}"),
        (b"server", b"example"),
    ]


def run(responses):
    encoder = Encoder()
    return [encoder.encode(response) for response in responses]
