def target(words):
    counts = {}
    for word in words(counts):
        counts[word] = counts.get(word, 0) + 1
    return counts
