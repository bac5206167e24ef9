def target(frame, column):
    out = []
    for i, row in frame.iterrows():
        out.append((i, row[column]))
    return out
