async def target(rows: list, wait):
    first = sum(rows)
    await wait()
    return first + sum(rows)
