import json


class Encoder(json.JSONEncoder):
    pass


def target(rows):
    return json.dumps(rows)
