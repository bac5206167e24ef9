def target(names, more, take):
    known = [str(name) for name in names]
    return take(known.pop()).given([name for name in more if name not in known])
