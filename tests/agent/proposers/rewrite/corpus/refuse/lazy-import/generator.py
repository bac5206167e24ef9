import json


def target(rows):
    for row in rows:
        yield json.dumps(row)
