async def target(rows, names: list[str], wait):
    out = []
    for row in rows:
        await wait(row)
        if row in names:
            out.append(row)
    return out
