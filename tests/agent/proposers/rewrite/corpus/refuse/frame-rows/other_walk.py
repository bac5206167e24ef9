def target(frame):
    out = []
    for i, row in frame.items():
        out.append(row["a"])
    return out
