def target(rows):
    text = ""

    def show():
        return text

    for row in rows:
        text += str(row)
    return show
