def target(frame, use):
    for i, row in frame.iterrows():
        use(i, row, row["a"])
