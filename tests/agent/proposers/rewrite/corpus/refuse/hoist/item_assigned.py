def target(wanted):
    found = {}
    found["last"] = None
    for want in wanted:
        found["last"] = want
    return found
