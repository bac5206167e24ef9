from markupsafe import Markup


def target(rows):
    text = ""
    for row in rows:
        text += Markup(row)
    return text
