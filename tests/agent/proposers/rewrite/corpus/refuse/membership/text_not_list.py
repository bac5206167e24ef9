def target(rows, text: str):
    # `in` on a text looks for parts
    return [row for row in rows if row in text]
