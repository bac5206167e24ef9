def target(rows, prices, list):
    return [row for row in rows if row in list(prices.keys())]
