import functools
import json


@json.register
def target(rows):
    return json.dumps(rows)
