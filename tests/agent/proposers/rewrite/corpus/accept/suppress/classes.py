import json
from contextlib import suppress


class Wrong(Exception):
    pass


def target(texts):
    out = []
    for text in texts:
        with suppress(Wrong, json.JSONDecodeError):
            if text == "w":
                raise Wrong
            out.append(json.loads(text))
    return out
# ==== after
import json
from contextlib import suppress


class Wrong(Exception):
    pass


def target(texts):
    out = []
    for text in texts:
        try:
            if text == "w":
                raise Wrong
            out.append(json.loads(text))
        except (Wrong, json.JSONDecodeError):
            pass
    return out
# ==== inputs
large, faster = 300, 1.02


def inputs(random, size):
    return ([random.choice(["1", "2", "x", "w"] if size < 100 else ["1", "2"]) for _ in range(size)],)
