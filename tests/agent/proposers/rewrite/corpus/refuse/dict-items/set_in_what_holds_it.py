def target(table: dict):
    around = {"table": table}
    out = []
    for key in table:
        around["table"]["last"] = key
        out.append(table[key])
    return out
