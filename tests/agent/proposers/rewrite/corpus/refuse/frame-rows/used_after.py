def target(frame):
    out = []
    for i, row in frame.iterrows():
        out.append((i, row["a"]))
    return out, row["a"]
