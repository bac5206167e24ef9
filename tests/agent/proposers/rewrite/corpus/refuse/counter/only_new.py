def target(words):
    counts = {}
    for word in words:
        if word in counts:
            counts[word] += 1
    return counts
