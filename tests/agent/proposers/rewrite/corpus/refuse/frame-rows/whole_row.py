def target(frame):
    out = []
    for i, row in frame.iterrows():
        out.append((i, row["a"], len(row)))
    return out
