async def target(parts):
    return tuple(part async for part in parts)
