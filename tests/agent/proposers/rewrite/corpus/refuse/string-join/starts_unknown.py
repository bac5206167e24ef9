def target(text, rows):
    # may be a list, or a class with its own __iadd__
    for row in rows:
        text += row
    return text
