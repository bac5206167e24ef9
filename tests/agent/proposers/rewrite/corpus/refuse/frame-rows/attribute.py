def target(frame):
    return [row["a"] for i, row in frame.iterrows()], [row.b for i, row in frame.iterrows()]
