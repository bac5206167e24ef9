import json


def target(rows: json.JSONDecoder):
    return json.dumps(rows)
