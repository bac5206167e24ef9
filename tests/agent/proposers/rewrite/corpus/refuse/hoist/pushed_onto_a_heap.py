import heapq


def target(xs):
    heap = [0, 0]
    out = []
    for x in xs:
        out.append(x + sum(heap))
        heapq.heappush(heap, x)
    return out
