def target(rows):
    # `<` means subset
    return sorted([{row} for row in rows])[0]
