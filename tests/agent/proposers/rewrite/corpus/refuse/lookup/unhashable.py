def target(rows, prices):
    return [row for row in rows if [row] in list(prices.keys())]
