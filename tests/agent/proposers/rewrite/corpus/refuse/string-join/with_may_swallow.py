def target(rows, quiet):
    with quiet:
        text = ""
        for row in rows:
            text += row.name
    return text
