async def target(text):
    return [int(digit) async for digit in text]
