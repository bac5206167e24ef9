def target(order, amounts):
    out = []
    for amount in amounts:
        order.amount = amount
        out.append(repr(order))
    return out
