def target(words, before):
    counts = {}
    for word in words:
        counts[word] = before.get(word, 0) + 1
    return counts
