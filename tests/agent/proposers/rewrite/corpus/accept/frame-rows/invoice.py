import pandas as pd


def target(frame: pd.DataFrame):
    out = []
    for i, row in frame.iterrows():
        if row["paid"] == "no":
            out.append((i, row["name"], row["amount"] * 2))
    return out
# ==== after
import pandas as pd


def target(frame: pd.DataFrame):
    out = []
    for i, row_paid, row_name, row_amount in zip(frame.index, frame["paid"], frame["name"], frame["amount"]):
        if row_paid == "no":
            out.append((i, row_name, row_amount * 2))
    return out
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    import pandas as pd

    rows = [(f"n{i}", random.randrange(100), random.choice(["yes", "no"])) for i in range(size)]
    return (pd.DataFrame(rows, columns=["name", "amount", "paid"]),)
