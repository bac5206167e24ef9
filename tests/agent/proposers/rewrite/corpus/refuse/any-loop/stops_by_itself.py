def target(iterators):
    return any(next(iterator) for iterator in iterators)
