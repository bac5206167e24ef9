def target(frame):
    for i, row in frame.iterrows():
        frame.loc = row["a"]
        frame.drop(i)
