def target(frame, zip):
    out = []
    for i, row in frame.iterrows():
        out.append(row["a"])
    return out
