def target(text: str):
    rows = [[letter] for letter in text]
    i = 0
    while i < len(rows):
        rows[i].append(1)
        i += 1
    return rows
# ==== after
def target(text: str):
    rows = [[letter] for letter in text]
    i = 0
    rows_len = len(rows)
    while i < rows_len:
        rows[i].append(1)
        i += 1
    return rows
# ==== inputs
large, faster = 2000, 0.9


def inputs(random, size):
    return ("".join(random.choice("abc") for _ in range(size)),)
