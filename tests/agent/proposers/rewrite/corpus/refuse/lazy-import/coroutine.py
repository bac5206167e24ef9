import json


async def target(rows):
    return json.dumps(rows)
