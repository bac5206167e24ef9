def target(rows: list):
    def inner(total=sum(rows)):
        return total

    rows.append(1)
    return inner, sum(rows)
