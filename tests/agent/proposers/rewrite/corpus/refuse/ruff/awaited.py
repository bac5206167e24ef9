async def target(rows):
    out = []
    for row in rows:
        if await row.ready():
            break
        out.append(row)
    return out
