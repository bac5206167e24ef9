def target(words):
    counts = {}
    counts.update(a=1)
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
