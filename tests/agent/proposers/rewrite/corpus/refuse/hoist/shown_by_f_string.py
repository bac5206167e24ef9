def target(rows: list, wanted):
    return [f"{sum(rows)=:>{want}}" for want in wanted]
