def target(rows: list[str]):
    return [row for row in rows if row.lower() not in ("monday", "tuesday", "wednesday", "thursday", "friday")]
# ==== after
def target(rows: list[str]):
    return [row for row in rows if row.lower() not in {"monday", "tuesday", "wednesday", "thursday", "friday"}]
# ==== inputs
large, faster = 5000, 0.95


def inputs(random, size):
    return ([random.choice(["Monday", "sunday", "Friday"]) for _ in range(size)],)
