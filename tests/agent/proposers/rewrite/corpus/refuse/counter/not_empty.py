def target(words):
    counts = {"a": 1}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
