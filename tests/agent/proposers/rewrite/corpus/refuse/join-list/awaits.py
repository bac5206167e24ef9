async def target(parts):
    return ", ".join(await part for part in parts)
