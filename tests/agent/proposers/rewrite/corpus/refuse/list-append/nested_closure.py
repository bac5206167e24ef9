def target(rows):
    kept = []

    def show():
        return kept

    for row in rows:
        kept = kept + [row]
    return show
