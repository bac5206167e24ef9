def target(rows, wanted):
    rows = list(rows)
    # `max` of nothing raises, and here it may never be asked
    return [want for want in wanted if want and want < max(rows)]
