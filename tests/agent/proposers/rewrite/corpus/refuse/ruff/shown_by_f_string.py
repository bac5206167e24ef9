def target(rows):
    return f"{list([row for row in rows])=}"
