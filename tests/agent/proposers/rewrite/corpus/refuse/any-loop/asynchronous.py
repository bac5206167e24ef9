async def target(parts):
    return any(await part for part in parts)
