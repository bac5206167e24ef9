def target(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word.lower(), 0) + 1
    return counts
