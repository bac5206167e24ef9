def target(frame):
    for i, row in frame.iterrows():
        row["a"] = i
