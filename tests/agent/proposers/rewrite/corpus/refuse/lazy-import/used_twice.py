import json


def read(text):
    return json.loads(text)


def target(rows):
    return json.dumps(rows)
