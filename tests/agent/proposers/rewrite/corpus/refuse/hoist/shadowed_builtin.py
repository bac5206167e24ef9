def sorted(rows):
    rows.append(1)
    return rows


def target(rows: list, wanted):
    return [want in sorted(rows) for want in wanted]
