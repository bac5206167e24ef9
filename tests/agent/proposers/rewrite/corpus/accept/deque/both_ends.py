def target(rows):
    queue = sorted(rows)
    out = []
    while len(queue) > 1 and len(out) < 10**9:
        low = queue.pop(0)
        out.append((low, queue[0] if queue else None, queue[-1] if len(queue) != 0 else None, low in queue))
    return out, list(queue)
# ==== after
from collections import deque


def target(rows):
    queue = deque(sorted(rows))
    out = []
    while len(queue) > 1 and len(out) < 10**9:
        low = queue.popleft()
        out.append((low, queue[0] if queue else None, queue[-1] if len(queue) != 0 else None, low in queue))
    return out, list(queue)
# ==== inputs
large, faster = 200, 0.5


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)
