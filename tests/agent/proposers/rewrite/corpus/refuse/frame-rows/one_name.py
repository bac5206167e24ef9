def target(frame):
    out = []
    for pair in frame.iterrows():
        out.append(pair["a"])
    return out
