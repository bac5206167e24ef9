def target(frame):
    out = []
    for i, row in frame.iterrows():
        out.append(lambda: row["a"])
    return out
