def target(rows, text: str):
    # `in` on the text looks for parts
    return [row for row in rows if row in list(text)]
