def target(rows):
    try:
        text = ""
        for row in rows:
            text += row.name
    except AttributeError:
        return text
    return text
