def target(frame):
    out = []
    for i, row in frame.iterrows():
        out.append(row["a b"])
    return out
