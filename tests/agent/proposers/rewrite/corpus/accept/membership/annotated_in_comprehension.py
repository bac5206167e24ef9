class Filter:
    def target(self, rows: list[str], stop: list[str]) -> list[str]:
        return [row for row in rows if row and row not in stop]
# ==== after
class Filter:
    def target(self, rows: list[str], stop: list[str]) -> list[str]:
        stop_set = set(stop)
        return [row for row in rows if row and row not in stop_set]
# ==== inputs
large, faster = 2000, 5.0


def inputs(random, size):
    return None, [str(random.randrange(2 * size + 1)) for _ in range(size)], [str(i) for i in range(size)]
